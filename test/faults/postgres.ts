import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { findPostmaster } from '../../shared/db/embedded/postmaster.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../shared/db/embedded/start.ts';
import { createLog } from '../../shared/log.ts';
import { undo, type Cleanup } from '../kit/undo.ts';
import { until } from '../kit/until.ts';
import { childrenOf } from './processes.ts';

/** A Postgres that only this run uses, so that it may be killed and frozen. It keeps its address. */
export interface OwnPostgres {
  url: string;
  /** As `pg_ctl stop -m immediate`: connections are cut, nothing is written down, the next start recovers. */
  crash(): Promise<void>;
  start(): Promise<void>;
  /** All of its processes stand still, and its connections stay open. */
  freeze(): Promise<void>;
  thaw(): void;
}

export async function startPostgres(t: Cleanup, folder: string): Promise<OwnPostgres> {
  const port = await freePort();
  const data = path.join(folder, 'cluster', 'data');
  // Processes are killed here and not the machine, so nothing has to reach the disk.
  const settings = { fsync: 'off', port: String(port), max_connections: '200' };
  const open = () => startEmbeddedPostgres({ dataDir: folder, log: createLog('silent', 'faults'), settings });
  let running: EmbeddedPostgres = await open();
  let frozen: number[] = [];
  const thaw = () => {
    // Last stopped, first woken: the first process of all would otherwise find its children hung.
    for (const pid of frozen.splice(0).reverse()) send(pid, 'SIGCONT');
  };
  undo(t, async () => {
    thaw();
    await running.stop();
  });

  return {
    url: running.url,
    async crash() {
      const server = await findPostmaster(data);
      if (!server) throw new Error('The database does not run.');
      send(server.pid, 'SIGQUIT');
      await until(async () => !(await findPostmaster(data)), { what: 'the database is gone' });
      await running.stop();
    },
    async start() {
      running = await open();
    },
    async freeze() {
      const server = await findPostmaster(data);
      if (!server) throw new Error('The database does not run.');
      // It first: what it begins for a connection that comes just now would go on.
      send(server.pid, 'SIGSTOP');
      frozen = [server.pid, ...(await childrenOf(server.pid))];
      for (const pid of frozen) send(pid, 'SIGSTOP');
    },
    thaw,
  };
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Ended by itself just now.
  }
}

/** Free now; taken a moment later by whoever it is for. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
