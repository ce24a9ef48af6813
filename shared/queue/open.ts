import type { Db } from '../db/connect.ts';
import type { Settings } from '../env.ts';
import type { Log } from '../log.ts';
import { postgresQueue } from './postgres.ts';
import type { Queue } from './queue.ts';

/** The queue that the settings name. */
export function openQueue(settings: Settings, db: Db, url: string, log: Log): Queue {
  switch (settings.QUEUE) {
    case 'postgres':
      return postgresQueue(db, url, log);
  }
}
