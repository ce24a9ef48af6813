import { randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../shared/log.ts';
import { isAlive } from '../shared/process.ts';

/** A worker that is root runs FFmpeg as another user, who has to get through to a file, but need not look around. */
const forFfmpeg = process.getuid?.() === 0 ? 0o711 : 0o700;

/**
 * A folder for one worker's passing files, named after its process so that what a killed worker left can be told from
 * what is in use, and removed by the next one that starts.
 */
export async function openWorkFolder(root: string): Promise<{ path: string; remove(): Promise<void> }> {
  await mkdir(root, { recursive: true, mode: 0o755 });
  await removeLeftovers(root);
  const own = path.join(root, `worker-${process.pid}-${randomUUID().slice(0, 8)}`);
  await mkdir(own);
  await chmod(own, forFfmpeg);
  return { path: own, remove: () => rm(own, { recursive: true, force: true }) };
}

/**
 * Gives some work a folder of its own, removed when it ends.
 *
 * @param root made again where a cleaner of temporary files has removed it
 */
export async function inOwnFolder<T>(root: string, work: (folder: string) => Promise<T>, log: Log): Promise<T> {
  await mkdir(root, { recursive: true, mode: 0o755 });
  const folder = await mkdtemp(path.join(root, 'step-'));
  try {
    await chmod(folder, forFfmpeg);
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true }).catch((error: unknown) => {
      log.warn({ err: error, folder }, 'could not remove the folder of a step; the next worker that starts will');
    });
  }
}

async function removeLeftovers(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    const pid = /^worker-(\d+)-/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) await rm(path.join(root, name), { recursive: true, force: true });
  }
}
