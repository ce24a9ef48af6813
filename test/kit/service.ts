import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { connect, type Db } from '../../shared/db/connect.ts';
import { readSettings, type Settings } from '../../shared/env.ts';
import { stopAll, type Running } from '../../shared/lifecycle.ts';
import { createLog, type Log } from '../../shared/log.ts';
import type { Parts } from '../../shared/parts.ts';
import { openMetrics } from '../../shared/metrics/open.ts';
import { openQueue } from '../../shared/queue/open.ts';
import { openStorage } from '../../shared/storage/open.ts';
import type { Storage } from '../../shared/storage/storage.ts';
import { startWeb } from '../../web/start.ts';
import { findTools, type Tools } from '../../worker/ffmpeg/tools.ts';
import { startWorker } from '../../worker/start.ts';
import { freshDatabase } from './database.ts';

export interface Service {
  url: string;
  db: Db;
  storage: Storage;
  settings: Settings;
  /** What its web and workers were started with. */
  parts: Parts;
  /** Environment for further processes of the same service. */
  env: Record<string, string>;
}

/**
 * The real service in this process, on a database and folders of its own: web, and as many workers as asked for.
 */
export async function startService(
  t: TestContext,
  options: { workers?: number; env?: Record<string, string> } = {},
): Promise<Service> {
  const databaseUrl = await freshDatabase(t);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'claqueta-service-'));
  // FFmpeg may run as another user.
  await chmod(folder, 0o711);
  const env = {
    PORT: '0',
    DATABASE_URL: databaseUrl,
    DATA_DIR: path.join(folder, 'data'),
    WORK_DIR: path.join(folder, 'work'),
    WORKER_SLOTS: '2',
    LOG_LEVEL: 'silent',
    ...onlyPath(),
    ...options.env,
  };
  const settings = readSettings(env);
  const log: Log = createLog(settings.LOG_LEVEL, 'test');
  const running: Running[] = [];
  t.after(async () => {
    await stopAll(running, log);
    await rm(folder, { recursive: true, force: true });
  });

  const db = connect(databaseUrl, { name: 'claqueta-test', max: 8 });
  running.push({ stop: () => db.destroy() });
  const queue = await openQueue(settings, db, databaseUrl, log);
  running.push({ stop: () => queue.close() });
  const storage = await openStorage(settings);
  const metrics = await openMetrics(settings, { db, log, job: 'local', name: 'test' });
  running.push({ stop: () => metrics.close() });
  const parts: Parts = { settings, db, address: databaseUrl, queue, storage, metrics, log };
  for (let worker = 0; worker < (options.workers ?? 1); worker++)
    running.push(await startWorker(parts, await toolsFor(settings)));
  const web = await startWeb(parts);
  running.push(web);
  return { url: web.url, db, storage, settings, parts, env };
}

const knownTools = new Map<string, Promise<Tools>>();

/** Found once a file: what there is on the machine stays the same. */
function toolsFor({ FFMPEG_PATH, FFPROBE_PATH }: Settings): Promise<Tools> {
  const name = JSON.stringify([FFMPEG_PATH, FFPROBE_PATH]);
  const tools = knownTools.get(name) ?? findTools({ FFMPEG_PATH, FFPROBE_PATH });
  knownTools.set(name, tools);
  return tools;
}

/** Which FFmpeg the tests were told to use is for the service too. */
function onlyPath(): Record<string, string> {
  const { FFMPEG_PATH, FFPROBE_PATH } = process.env;
  return { ...(FFMPEG_PATH && { FFMPEG_PATH }), ...(FFPROBE_PATH && { FFPROBE_PATH }) };
}
