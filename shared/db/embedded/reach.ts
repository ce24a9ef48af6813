import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { giveTo, type Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import type { Cluster } from './cluster.ts';
import { AlreadyRunningError, EmbeddedPostgresError } from './errors.ts';
import { takeOwnership } from './ownership.ts';
import { findPostmaster, removeObstacle, type Postmaster } from './postmaster.ts';
import { launch } from './server.ts';
import { prepareLog, tailOf, type ServerLog } from './server-log.ts';
import { shutDown } from './shutdown.ts';

/** A server that this process owns. */
export interface OwnedServer {
  pid: number;
  port: number;
  adopted: boolean;
  /** The connection that holds the ownership. */
  client: pg.Client;
  log: ServerLog;
}

export interface Reaching {
  folder: string;
  binaries: Binaries;
  account: Account;
  cluster: Cluster;
  settings: Record<string, string>;
  signal: AbortSignal;
}

/** A port that was free a moment ago is rarely taken even once. */
const MOST_PORTS = 5;
/** One that ends again and again before it takes connections would otherwise be started until the time is up. */
const MOST_LAUNCHES = 5;

/**
 * Finds the server of the folder or launches one, waits while it starts or recovers, and becomes its owner. A server
 * launched here does not outlive a failure.
 */
export async function reachServer(reaching: Reaching): Promise<OwnedServer> {
  const { folder, cluster, signal } = reaching;
  let launched: number | undefined;
  let log = await prepareLog(folder);
  let portsTried = 0;
  let launches = 0;
  try {
    for (;;) {
      signal.throwIfAborted();
      const server = await findPostmaster(cluster.data);
      if (server) {
        const owned = await own(server, reaching);
        if (owned) return { ...owned, pid: server.pid, adopted: server.pid !== launched, log };
        await pause(20, undefined, { signal });
        continue;
      }
      if (launches === MOST_LAUNCHES) throw doesNotStart(log, await tailOf(log));
      log = await prepareLog(folder);
      const outcome = await launchServer(reaching, log);
      if (outcome.is === 'running' && outcome.ours) {
        launched = outcome.pid;
        launches++;
      }
      if (outcome.is === 'folder taken') await pause(100, undefined, { signal });
      if (outcome.is === 'failed' || (outcome.is === 'port taken' && ++portsTried === MOST_PORTS)) {
        throw doesNotStart(log, outcome.tail);
      }
    }
  } catch (error) {
    // Launched here, but another start was faster to own it: then it is theirs.
    if (launched !== undefined && !(error instanceof AlreadyRunningError)) await shutDown(launched, cluster.data);
    if (!isTimeout(error)) throw error;
    const tail = await tailOf(log);
    throw new EmbeddedPostgresError(`Postgres was not ready in time. The end of ${log.file}:\n${tail}`, {
      cause: error,
    });
  }
}

async function launchServer({ binaries, account, folder, cluster, settings, signal }: Reaching, log: ServerLog) {
  await giveTo(account, `${folder}/cluster`);
  await removeObstacle(cluster.data);
  return launch({ postgres: binaries.postgres, account, data: cluster.data, settings, log, signal });
}

function doesNotStart({ file }: ServerLog, tail: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(`Postgres does not start. The end of ${file}:\n${tail}`);
}

/** Undefined while the server does not take connections. */
async function own(server: Postmaster, { folder, cluster, signal }: Reaching) {
  if (server.status !== 'ready' || server.port === undefined) return undefined;
  const client = await takeOwnership({ port: server.port, password: cluster.password }, signal);
  if (client === 'held elsewhere') throw new AlreadyRunningError(folder);
  return client && { client, port: server.port };
}

function isTimeout(error: unknown): boolean {
  const cause = error instanceof Error && error.name === 'AbortError' ? error.cause : error;
  return cause instanceof Error && cause.name === 'TimeoutError';
}
