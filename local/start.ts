import path from 'node:path';
import { startEmbeddedPostgres } from '../shared/db/embedded/start.ts';
import { migrate } from '../shared/db/migrate.ts';
import { openParts } from '../shared/parts.ts';
import type { Program } from '../shared/program.ts';
import { startWeb } from '../web/start.ts';
import { startWorker } from '../worker/start.ts';

/**
 * The whole service in one process: its own Postgres (unless DATABASE_URL names another), web and worker.
 * Answers the address that it is served at.
 */
export async function startLocal(program: Program): Promise<{ url: string }> {
  const { settings, opened, signal } = program;
  const address = settings.DATABASE_URL ?? (await ownDatabase(program));
  await migrate(address);
  // Beside the media, so that sources are linked and not copied.
  const local = { ...settings, WORK_DIR: path.resolve(settings.DATA_DIR, 'work') };
  const parts = await openParts({ ...program, settings: local }, { job: 'local', connections: 12, address });
  const worker = await startWorker(parts);
  opened(worker);
  signal.throwIfAborted();
  const web = await startWeb(parts, { details: { layers: worker.layers } });
  opened(web);
  return { url: web.url };
}

async function ownDatabase({ settings, log, opened, signal }: Program): Promise<string> {
  const dataDir = path.resolve(settings.DATA_DIR, 'postgres');
  const postgres = await startEmbeddedPostgres({ dataDir, log, signal });
  opened(postgres);
  return postgres.url;
}
