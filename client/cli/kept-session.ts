import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { connect, isFresh, type Api, type Session } from '../connect.ts';
import { withLock } from './lock.ts';

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

/** The API with the kept session, which other commands may be using at the same time. */
export function connectKept(session: Session, signal: AbortSignal): Api {
  return connect(session, (old, refresh) =>
    alone(async () => {
      const kept = await readSession();
      const isOurs = kept?.url === old.url && kept.account === old.account;
      // Another command was here first: our refresh token is used up, and using it again would end the session.
      if (isOurs && isFresh(kept)) return kept;
      const session = await refresh(isOurs ? kept : old);
      if (isOurs) await keepSession(session);
      return session;
    }, signal),
  );
}

/** Does what changes the kept session, one command at a time. */
export function alone<Answer>(work: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  return withLock(`${sessionFile()}.lock`, work, signal);
}
