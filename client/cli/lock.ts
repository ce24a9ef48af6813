import { mkdir, open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A lock as old as this was left behind by a program that was killed; twice what its longest request may take. */
const LEFT_MS = 60_000;
const LOOK_EVERY_MS = 50;

/** Does something while no other program does, by a file that only one can make. */
export async function withLock<Answer>(
  file: string,
  work: () => Promise<Answer>,
  signal: AbortSignal,
): Promise<Answer> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  while (!(await taken(file))) await pause(LOOK_EVERY_MS, undefined, { signal });
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function taken(file: string): Promise<boolean> {
  try {
    await (await open(file, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > LEFT_MS) await rm(file, { force: true });
    return false;
  }
}
