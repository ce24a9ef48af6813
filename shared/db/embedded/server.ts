import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { commandAs, type Account } from './account.ts';
import { findPostmaster, postmasterArguments } from './postmaster.ts';
import { openForServer, tailOf, type ServerLog } from './server-log.ts';
import { shutDown } from './shutdown.ts';

export interface Launch {
  postgres: string;
  account: Account;
  data: string;
  settings: Record<string, string>;
  log: ServerLog;
  signal: AbortSignal;
}

/** How a launch came out: there is a server now (perhaps not ours, if two launched at once), or why there is none. */
export type Outcome = { is: 'running'; pid: number; ours: boolean } | { is: Ending; tail: string };
export type Ending = 'port taken' | 'folder taken' | 'failed';

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  // None: nothing that a killed server could leave behind, and no path that could be too long.
  unix_socket_directories: '',
  shared_buffers: '32MB',
  max_connections: '100',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** Starts a server at a free port and returns as soon as it has taken the folder; it may still be recovering then. */
export async function launch({ postgres, account, data, settings, log, signal }: Launch): Promise<Outcome> {
  const [command, args, options] = commandAs(account, postgres, [
    ...postmasterArguments(data, await freePort()),
    ...Object.entries({ ...SETTINGS, ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]);
  const output = await openForServer(log);
  // Detached: Ctrl-C in a terminal goes to all its processes, and the database has to be the last to stop.
  const child = spawn(command, args, { ...options, stdio: ['ignore', output.fd, output.fd], detached: true });
  child.unref();
  let ended: Error | true | undefined;
  child.on('exit', () => (ended = true));
  child.on('error', (error) => (ended = error));
  await output.close();

  try {
    for (;;) {
      const found = await findPostmaster(data);
      if (found) return { is: 'running', pid: found.pid, ours: found.pid === child.pid };
      if (ended instanceof Error) throw ended;
      if (ended) return explain(await tailOf(log));
      await pause(10, undefined, { signal });
    }
  } catch (error) {
    if (child.pid !== undefined) await shutDown(child.pid, data);
    throw error;
  }
}

function explain(tail: string): Outcome {
  return { is: whyItEnded(tail), tail };
}

/** Reads from its log why a server did not start. `port taken` and `folder taken` may be better at the next try. */
export function whyItEnded(log: string): Ending {
  if (/could not bind|could not create any TCP\/IP sockets/.test(log)) return 'port taken';
  // By a server launched at the same moment, or by what is left of a killed one and about to notice.
  if (/lock file ".*" (already exists|is empty)|pre-existing shared memory block/.test(log)) return 'folder taken';
  return 'failed';
}

/** Free now; whoever takes it before the server does costs one more try. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
