import type { ChildProcess } from 'node:child_process';

/**
 * Ends a program that was started as the head of a group, with everything it is made of.
 *
 * At once and without a last word. On SIGTERM FFmpeg would finish a short file that looks whole, or take its time; and
 * what hangs in a decoder hears neither that nor SIGINT. Nothing of an ended run is wanted, so there is nothing to ask
 * for: the end of every escalation is also its beginning.
 */
export function killGroup(child: ChildProcess | undefined): void {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Gone between the two lines.
  }
}
