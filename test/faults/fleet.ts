import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { connect, type Db } from '../../shared/db/connect.ts';
import { migrate } from '../../shared/db/migrate.ts';
import { folderStorage } from '../../shared/storage/folder.ts';
import type { Storage } from '../../shared/storage/storage.ts';
import { startEmulator, type Emulator } from '../kit/emulator.ts';
import { freshFolder } from '../kit/folder.ts';
import { undo, type Cleanup } from '../kit/undo.ts';
import { serveVideos, type VideoServer } from '../kit/video-server.ts';
import { installAudit } from './audit.ts';
import { buildPrograms } from './build.ts';
import { freePort, startPostgres, type OwnPostgres } from './postgres.ts';
import { serviceProcess, type ServiceProcess } from './service-process.ts';

export type QueueName = 'postgres' | 'pubsub';

/** The real service as processes of its own, with all that it stands on. */
export interface Fleet {
  queue: QueueName;
  folder: string;
  /** Folders that have to be empty when all have stopped. */
  passing: { work: string; incoming: string; tmp: string };
  postgres: OwnPostgres;
  broker: Emulator | null;
  db: Db;
  storage: Storage;
  videos: VideoServer;
  webs: ServiceProcess[];
  workers: ServiceProcess[];
}

export interface FleetOptions {
  queue: QueueName;
  webs?: number;
  workers?: number;
  /** Over the usual settings. */
  env?: Record<string, string>;
  /** Database as the processes see it, for a scenario that stands in between. */
  through?: (url: string) => Promise<string>;
  /** Modules that workers load first. */
  preload?: string[];
  /** The same for webs. */
  webPreload?: string[];
  /** Settings of single workers. */
  workerEnv?: (index: number) => Record<string, string>;
}

/** Short leases, so that the run is spent on faults and not on waiting. More tries, so that no step uses them up. */
const RUN_SETTINGS = { LEASE_SECONDS: '4', STEP_TRIES: '20', WORKER_SLOTS: '1', LOG_LEVEL: 'info' };

export async function startFleet(t: Cleanup, options: FleetOptions): Promise<Fleet> {
  const folder = await freshFolder(t);
  const passing = {
    work: path.join(folder, 'work'),
    incoming: path.join(folder, 'files', 'media', '.incoming'),
    tmp: path.join(folder, 'tmp'),
  };
  const media = path.join(folder, 'files', 'media');
  for (const made of [passing.tmp, path.join(folder, 'log')]) await mkdir(made, { recursive: true });
  const [programs, postgres, broker, videos] = await Promise.all([
    buildPrograms(path.join(folder, 'build')),
    startPostgres(t, path.join(folder, 'postgres')),
    options.queue === 'pubsub' ? startEmulator(t) : null,
    serveVideos(t),
  ]);
  await migrate(postgres.url);
  const db = connect(postgres.url, { name: 'faults', max: 4 });
  undo(t, () => db.destroy());
  await installAudit(db);

  const env: Record<string, string> = {
    ...machine(),
    ...(broker ? pubSubSettings(broker) : { QUEUE: 'postgres' }),
    ...RUN_SETTINGS,
    TMPDIR: passing.tmp,
    DATABASE_URL: options.through ? await options.through(postgres.url) : postgres.url,
    DATA_DIR: path.join(folder, 'files'),
    WORK_DIR: passing.work,
    SIGNING_SECRET: 'the-secret-of-all-processes-of-a-run',
    SOURCE_ALLOW: videos.allow,
    ...options.env,
  };
  const start = (name: string, more: Record<string, string>, url = '') =>
    serviceProcess(t, {
      name,
      main: path.join(programs, name.split(' ')[0] ?? '', 'main.js'),
      env: { ...env, ...more },
      url,
      logFile: path.join(folder, 'log', `${name.replace(' ', '-')}.log`),
      preload: (name.startsWith('worker') ? options.preload : options.webPreload) ?? [],
    });
  const webs: ServiceProcess[] = [];
  for (let index = 1; index <= (options.webs ?? 2); index++) {
    // The same port after each start: it is what clients know.
    const port = String(await freePort());
    webs.push(start(`web ${index}`, { PORT: port }, `http://127.0.0.1:${port}`));
  }
  const workers: ServiceProcess[] = [];
  for (let index = 1; index <= (options.workers ?? 3); index++) {
    workers.push(start(`worker ${index}`, options.workerEnv?.(index) ?? {}));
  }
  await Promise.all([...webs, ...workers].map((one) => one.start()));
  // The storage as the processes have it; opened here once more, to look at.
  const storage = await folderStorage(media, 'signs nothing');
  return { queue: options.queue, folder, passing, postgres, broker, db, storage, videos, webs, workers };
}

function machine(): Record<string, string> {
  const { PATH = '', HOME = '', FFMPEG_PATH, FFPROBE_PATH } = process.env;
  return { PATH, HOME, ...(FFMPEG_PATH && { FFMPEG_PATH }), ...(FFPROBE_PATH && { FFPROBE_PATH }) };
}

function pubSubSettings(broker: Emulator): Record<string, string> {
  return {
    QUEUE: 'pubsub',
    PUBSUB_EMULATOR_HOST: broker.host,
    PUBSUB_TOPIC: broker.topic,
    PUBSUB_SUBSCRIPTION: broker.subscription,
    GOOGLE_CLOUD_PROJECT: broker.project,
    METADATA_SERVER_DETECTION: 'none',
  };
}
