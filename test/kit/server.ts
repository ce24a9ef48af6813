import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../shared/db/embedded/start.ts';
import { createLog } from '../../shared/log.ts';

let own: Promise<EmbeddedPostgres> | undefined;
let folder: string | undefined;

after(stopOwn);

/**
 * URL of the Postgres that tests make their databases in, for a superuser: the one that `npm test` started for all of
 * them, or one of this process when a file is run by itself.
 */
export async function testServer(): Promise<string> {
  const given = process.env.CLAQUETA_TEST_DATABASE_URL;
  if (given) return given;
  own ??= startOwn();
  return (await own).url;
}

async function startOwn(): Promise<EmbeddedPostgres> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void stopOwn().finally(() => process.exit(130)));
  }
  folder = await mkdtemp(path.join(os.tmpdir(), 'claqueta-test-'));
  // Thrown away in any case, so nothing has to reach the disk.
  return startEmbeddedPostgres({ dataDir: folder, log: createLog('error', 'test'), settings: { fsync: 'off' } });
}

async function stopOwn(): Promise<void> {
  const started = await own?.catch(() => undefined);
  await started?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
}
