import { mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { shutDownLeftServers } from './left-servers.ts';
import type { Cleanup } from './undo.ts';

/** An empty folder for one test, removed after it; a Postgres that the test left running in it is shut down. */
export async function freshFolder(t: Cleanup): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'claqueta-test-')));
  t.after(async () => {
    await shutDownLeftServers(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  return folder;
}
