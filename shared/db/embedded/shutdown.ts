import { setTimeout as pause } from 'node:timers/promises';
import { codeOf, EmbeddedPostgresError } from './errors.ts';
import { isPostmaster } from './postmaster.ts';

/** From friendly to rude: disconnect all and write everything down; leave it to recovery; no more choice. */
const STAGES = [
  { signal: 'SIGINT', withinMs: 5_000 },
  { signal: 'SIGQUIT', withinMs: 3_000 },
  { signal: 'SIGKILL', withinMs: 2_000 },
] as const;

/**
 * Shuts a server down, ours or an adopted one, and returns when its process is gone. No data that was committed is
 * lost, at any stage.
 */
export async function shutDown(pid: number, data: string): Promise<void> {
  for (const { signal, withinMs } of STAGES) {
    if (!(await isPostmaster(pid, data))) return;
    send(signal, pid);
    if (await goneWithin(withinMs, pid, data)) return;
  }
  throw new EmbeddedPostgresError(`Postgres (process ${pid}) cannot be stopped.`);
}

async function goneWithin(ms: number, pid: number, data: string): Promise<boolean> {
  for (const end = performance.now() + ms; performance.now() < end; await pause(10)) {
    if (!(await isPostmaster(pid, data))) return true;
  }
  return false;
}

function send(signal: NodeJS.Signals, pid: number): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // Gone between the look and the signal.
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}
