import { mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { shutDownLeftServers } from './left-servers.ts';

/** An empty folder for one test, removed after it; a Postgres that the test left running in it is shut down. */
export async function freshFolder(t: TestContext): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'claqueta-test-')));
  t.after(async () => {
    await shutDownLeftServers(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  return folder;
}
