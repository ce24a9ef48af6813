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
  /** Where the database is, for connections apart from the pool. */
  address: Address;
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
  const queue = await openQueue(settings, db, address, log);
  opened({ stop: () => queue.close() });
  const opening = openStorage(settings);
  await settleAll([opening, named('The database cannot be used', db.raw('select 1')), queue.check()]);
  const storage = await opening;
  const metrics = await openMetrics(settings, { db, log, job, name: processName() });
  opened({ stop: () => metrics.close() });
  return { settings, db, address, queue, storage, metrics, log };
}

async function addressOf({ settings, opened }: Program): Promise<Address> {
  const { address, close } = await openAddress(settings);
  opened({ stop: () => Promise.resolve(close()) });
  return address;
}

async function named(what: string, asking: PromiseLike<unknown>): Promise<void> {
  try {
    await asking;
  } catch (error) {
    throw new Error(`${what}: ${textOf(error)}`, { cause: error });
  }
}

/** Waits for all, and tells all that failed in one error. */
async function settleAll(asked: Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(asked);
  const problems = results.flatMap((result) => (result.status === 'rejected' ? [textOf(result.reason)] : []));
  if (problems.length > 0) throw new SettingsError(problems);
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ('code' in error ? String(error.code) : error.name);
}
