import { chmod, mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isAlive } from '../../shared/process.ts';
import { shutDownLeftServers } from './left-servers.ts';

/**
 * One folder for everything that a run of the tests writes, so that nothing of it can be left behind; with `tmp` for
 * the temporary files of the tests. What a killed run left is cleared away.
 */
export async function makeRunFolder(): Promise<string> {
  const place = await realpath(os.tmpdir());
  for (const name of await readdir(place)) {
    const [, pid] = /^claqueta-run-(\d+)-/.exec(name) ?? [];
    if (pid === undefined || isAlive(Number(pid))) continue;
    // Another user's stays.
    await removeRunFolder(path.join(place, name)).catch(() => undefined);
  }
  const folder = await mkdtemp(path.join(place, `claqueta-run-${process.pid}-`));
  // Some tests are run as another user.
  await chmod(folder, 0o711);
  await mkdir(path.join(folder, 'tmp'));
  await chmod(path.join(folder, 'tmp'), 0o1777);
  return folder;
}

/** Removes the folder and ends the servers that killed tests left running in it. */
export async function removeRunFolder(folder: string): Promise<void> {
  await shutDownLeftServers(folder);
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
