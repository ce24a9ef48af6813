import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { chown, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isAlive } from '../../process.ts';
import { commandAs, type Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { codeOf, EmbeddedPostgresError } from './errors.ts';

/** The files of one Postgres and the password that goes with them. */
export interface Cluster {
  /** What Postgres calls its data directory. */
  data: string;
  password: string;
}

/** The superuser of the cluster. */
export const USER = 'claqueta';

interface Making {
  binaries: Binaries;
  account: Account;
  /** Whether the files must be on the disk before we go on; a throwaway need not. */
  durable: boolean;
  signal: AbortSignal;
}

/**
 * The cluster in `folder/cluster`, made if there is none. Made aside and put in place by one rename, with its password:
 * a process killed half way leaves nothing that looks like a cluster, and of several at once only one succeeds.
 */
export async function openCluster(folder: string, making: Making): Promise<Cluster> {
  await removeHalfMade(folder);
  const place = path.join(folder, 'cluster');
  if (!(await readCluster(place))) await makeCluster(folder, place, making);
  const cluster = await readCluster(place);
  if (cluster) return cluster;
  throw new EmbeddedPostgresError(
    `${place} is not a whole database: its password or its PG_VERSION is missing. Put it back, or move the folder away to start with an empty one.`,
  );
}

/** The cluster at a place, or undefined when there is none. */
export async function readCluster(place: string): Promise<Cluster | undefined> {
  const data = path.join(place, 'data');
  try {
    await readFile(path.join(data, 'PG_VERSION'));
    return { data, password: (await readFile(path.join(place, 'password'), 'utf8')).trim() };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    if (codeOf(error) !== 'EACCES') throw error;
    throw new EmbeddedPostgresError(`${place} belongs to another user. Start Claqueta as that user.`, { cause: error });
  }
}

async function makeCluster(folder: string, place: string, making: Making): Promise<void> {
  const aside = await mkdtemp(path.join(folder, `new-${process.pid}-`));
  try {
    const passwordFile = path.join(aside, 'password');
    await writeFile(passwordFile, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600, flush: true });
    const { owner } = making.account;
    if (owner) for (const file of [aside, passwordFile]) await chown(file, owner.uid, owner.gid);
    await runInitdb(path.join(aside, 'data'), passwordFile, making);
    await synchronize(aside);
    await rename(aside, place);
    await synchronize(folder);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    // Another process was faster: its cluster is as good.
    if (codeOf(error) !== 'ENOTEMPTY' && codeOf(error) !== 'EEXIST') throw error;
  }
}

/** The names of files are safe after a power cut only when their folder was synchronized. */
async function synchronize(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

/** What a killed process left of a cluster it was making; what a living one makes is its own. */
async function removeHalfMade(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, pid] = /^new-(\d+)-/.exec(name) ?? [];
    if (pid === undefined) continue;
    // Our own number on a folder that we have not made yet: an earlier process had the same.
    if (Number(pid) === process.pid || !isAlive(Number(pid))) {
      // Retried, because an initdb that lost its parent may be writing there still.
      await rm(path.join(folder, name), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    }
  }
}

function runInitdb(data: string, passwordFile: string, { binaries, account, durable, signal }: Making): Promise<void> {
  const [command, args, options] = commandAs(account, binaries.initdb, [
    ...['-D', data, '-U', USER, '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
    // The same order of text on every machine, whatever its C library.
    ...['-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ...(durable ? ['--no-instructions'] : ['--no-instructions', '--no-sync']),
  ]);
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    // Its own process group, because it starts others; also, Ctrl-C is ours to pass on.
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    const end = () => killGroup(child.pid);
    signal.addEventListener('abort', end, { once: true });
    let said = '';
    child.stderr?.on('data', (text: Buffer) => (said += text.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      signal.removeEventListener('abort', end);
      if (signal.aborted) reject(signal.reason as Error);
      else if (code === 0) resolve();
      else reject(new EmbeddedPostgresError(`The database could not be made in ${data}: ${said.trim()}`));
    });
  });
}

function killGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL');
  } catch (error) {
    // Ended by itself just now.
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}
