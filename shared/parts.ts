import { openAddress, type Address } from './db/address.ts';
import { connect, type Db } from './db/connect.ts';
import { SettingsError, type Settings } from './env.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics/metrics.ts';
import { openMetrics } from './metrics/open.ts';
import { processName } from './process.ts';
import type { Program } from './program.ts';
import { openQueue } from './queue/open.ts';
import type { Queue } from './queue/queue.ts';
import { openStorage } from './storage/open.ts';
import type { Storage } from './storage/storage.ts';

/** What web and worker work with. */
export interface Parts {
  settings: Settings;
  db: Db;
  queue: Queue;
  storage: Storage;
  metrics: Metrics;
  log: Log;
}

interface Opening {
  job: 'web' | 'worker' | 'local';
  /** Most connections to the database. */
  connections: number;
  /** A database of our own, in place of the one that the settings name. */
  address?: Address;
}

/**
 * Opens everything that a program works with and sees that it answers.
 *
 * @throws SettingsError with every problem at once
 */
export async function openParts(program: Program, { job, connections, address: own }: Opening): Promise<Parts> {
  const { settings, log, opened } = program;
  const address = own ?? (await addressOf(program));
  const db = connect(address, { name: `claqueta-${job}`, max: connections });
  opened({ stop: () => db.destroy() });
  const queue = openQueue(settings, db, address, log);
  opened({ stop: () => queue.close() });
  const [storage] = await all([
    openStorage(settings),
    named('The database cannot be used', db.raw('select 1')),
    queue.check(),
  ]);
  const metrics = await openMetrics(settings, { db, log, job, name: processName() });
  opened({ stop: () => metrics.close() });
  return { settings, db, queue, storage, metrics, log };
}

async function addressOf({ settings, opened }: Program): Promise<Address> {
  const { address, close } = await openAddress(settings);
  opened({ stop: () => Promise.resolve(close()) });
  return address;
}

async function named<T>(what: string, asking: PromiseLike<T>): Promise<T> {
  try {
    return await asking;
  } catch (error) {
    const why = error instanceof Error ? error.message || String((error as NodeJS.ErrnoException).code) : String(error);
    throw new Error(`${what}: ${why}`, { cause: error });
  }
}

/** As Promise.all, but with all that failed in one error. */
async function all<T extends readonly Promise<unknown>[]>(asked: T): Promise<{ [Part in keyof T]: Awaited<T[Part]> }> {
  const results = await Promise.allSettled(asked);
  const problems = results.flatMap((result) =>
    result.status === 'rejected'
      ? [result.reason instanceof Error ? result.reason.message : String(result.reason)]
      : [],
  );
  if (problems.length > 0) throw new SettingsError(problems);
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value) as never;
}
