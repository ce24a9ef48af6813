import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Log } from '../../log.ts';
import type { Cluster } from './cluster.ts';
import { takeOwnership } from './ownership.ts';
import { isPostmaster } from './postmaster.ts';
import type { OwnedServer } from './reach.ts';
import { tailOf } from './server-log.ts';
import { shutDown } from './shutdown.ts';

/**
 * Says so when the server dies, and takes the lock again when it has dropped all connections, as it does after a crash
 * of one of its processes.
 *
 * @returns what stops the server; calling it again gives the same promise
 */
export function watchServer(server: OwnedServer, { data, password }: Cluster, log: Log): () => Promise<void> {
  const halt = new AbortController();
  const { pid, port } = server;
  let client = server.client;
  let ours = true;
  let stopped: Promise<void> | undefined;

  const hold = (connection: pg.Client) => {
    client = connection;
    client.once('end', () => {
      regain().catch((error: unknown) => {
        if (!halt.signal.aborted) log.error({ err: error }, 'the database cannot be watched any more');
      });
    });
  };

  const regain = async () => {
    while (!halt.signal.aborted) {
      if (!(await isPostmaster(pid, data))) {
        return log.error({ tail: await tailOf(server.log), file: server.log.file }, 'the database server died');
      }
      const taken = await takeOwnership({ port, password }, halt.signal);
      if (taken === 'held elsewhere') {
        ours = false;
        return log.error('another process has taken over the database');
      }
      if (taken) {
        hold(taken);
        return log.warn({ tail: await tailOf(server.log) }, 'the database dropped all connections and is back');
      }
      await pause(50, undefined, { signal: halt.signal });
    }
  };

  const stop = async () => {
    halt.abort();
    // The connection last: with it goes the ownership, and nobody shall adopt what is being stopped.
    if (ours) await shutDown(pid, data);
    await client.end().catch(() => undefined);
  };

  hold(client);
  return () => (stopped ??= stop());
}
