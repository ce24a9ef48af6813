import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Session } from '../connect.ts';

/** Where the session is kept: below XDG_CONFIG_HOME, for this user alone. */
export function sessionFile(env: NodeJS.ProcessEnv = process.env): string {
  const base = env.XDG_CONFIG_HOME || path.join(os.homedir(), '.config');
  return path.join(base, 'claqueta', 'session.json');
}

/** Null when nobody has logged in. */
export async function readSession(file = sessionFile()): Promise<Session | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Session;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new Error(`${file} cannot be read. Log in again.`, { cause: error });
  }
}

/** Written beside and renamed: who reads it meanwhile reads one or the other. */
export async function keepSession(session: Session, file = sessionFile()): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const mine = `${file}.${process.pid}`;
  await writeFile(mine, `${JSON.stringify(session)}\n`, { mode: 0o600 });
  await rename(mine, file);
}
