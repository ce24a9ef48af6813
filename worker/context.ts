import type { Db } from '../shared/db/connect.ts';
import type { Settings } from '../shared/env.ts';
import type { Log } from '../shared/log.ts';
import type { Queue } from '../shared/queue/queue.ts';
import type { Storage } from '../shared/storage/storage.ts';
import type { Tools } from './ffmpeg/tools.ts';
import type { SourceCache } from './clip/source-cache.ts';

/** What a worker is given to work with. */
export interface WorkerParts {
  settings: Settings;
  db: Db;
  queue: Queue;
  storage: Storage;
  log: Log;
}

/** What the work on a step may use. */
export interface StepContext extends WorkerParts {
  tools: Tools;
  sources: SourceCache;
  /** A folder of this step alone, removed when it ends. */
  folder: string;
  /** Aborts when the step is lost or the worker stops. */
  signal: AbortSignal;
  progress: (fraction: number) => void;
  /** How many threads FFmpeg may use. */
  threads: number;
}
