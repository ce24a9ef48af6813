import { randomUUID } from 'node:crypto';
import os from 'node:os';

/** Whether a process of this machine lives; one that we may not signal does. */
export function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Tells this process from all others, also from the one that had its number before. */
export function processName(): string {
  return name;
}

const name = `${os.hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
