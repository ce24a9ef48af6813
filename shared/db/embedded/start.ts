import { mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../../log.ts';
import { chooseAccount } from './account.ts';
import { findBinaries } from './binaries.ts';
import { openCluster, USER } from './cluster.ts';
import { createDatabase } from './ownership.ts';
import { reachServer } from './reach.ts';
import { shutDown } from './shutdown.ts';
import { watchServer } from './watch.ts';

/** A Postgres of our own, owned by this process. */
export interface EmbeddedPostgres {
  /** `postgres://user:password@127.0.0.1:port/claqueta`; the user is a superuser. */
  url: string;
  /** Whether the server was already there, left by an owner that was killed. */
  adopted: boolean;
  /** Shuts the server down and returns when its process is gone; the same promise however often it is called. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Folder of this Postgres, made if it is not there. */
  dataDir: string;
  log: Log;
  /** Gives up a start under way and leaves nothing behind. */
  signal?: AbortSignal;
  /** Settings of the server over the usual ones. */
  settings?: Record<string, string>;
}

const DATABASE = 'claqueta';

/** Longest start, with recovery after a crash, ms. */
const START_WITHIN_MS = 60_000;

/**
 * Starts the Postgres shipped through npm, or adopts the one that a killed owner left running. What was committed
 * survives the death of every process.
 *
 * @throws AlreadyRunningError when a living process owns the Postgres of this folder
 * @throws EmbeddedPostgresError when it cannot run here; the message says what to do
 */
export async function startEmbeddedPostgres(options: StartOptions): Promise<EmbeddedPostgres> {
  const { log, settings = {} } = options;
  const began = performance.now();
  const limit = AbortSignal.timeout(START_WITHIN_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;

  const folder = await makeFolder(options.dataDir);
  const binaries = await findBinaries();
  const account = await chooseAccount(binaries, folder);
  const cluster = await openCluster(folder, { binaries, account, durable: settings.fsync !== 'off', signal });
  const server = await reachServer({ folder, binaries, account, cluster, settings, signal });
  const { port, adopted } = server;
  try {
    await createDatabase(server.client, DATABASE);
    signal.throwIfAborted();
  } catch (error) {
    await shutDown(server.pid, cluster.data);
    throw error;
  }

  log.info({ port, adopted, ms: Math.round(performance.now() - began) }, 'the database is ready');
  return {
    url: `postgres://${USER}:${cluster.password}@127.0.0.1:${port}/${DATABASE}`,
    adopted,
    stop: watchServer(server, cluster, log),
  };
}

/** The true path, because a server is known again by it. */
async function makeFolder(dataDir: string): Promise<string> {
  const folder = path.resolve(dataDir);
  await mkdir(path.dirname(folder), { recursive: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return realpath(folder);
}
