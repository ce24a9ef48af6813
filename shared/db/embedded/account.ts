import { spawn, type SpawnOptions } from 'node:child_process';
import { chown, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Binaries } from './binaries.ts';
import { EmbeddedPostgresError } from './errors.ts';

/** Who Postgres runs as. It refuses to run as root. */
export interface Account {
  /** What the command is put behind. */
  prefix: string[];
  /** Given to spawn; not set where Postgres runs as we do. */
  drop?: { uid: number; gid: number };
  /** Whom its files belong to, as we see it; not set where we could not change it. */
  owner?: { uid: number; gid: number };
}

/** A command, its arguments and its options for `spawn`, so that it runs as the account. */
export function commandAs(account: Account, command: string, args: string[]): [string, string[], SpawnOptions] {
  const [first = command, ...rest] = [...account.prefix, command, ...args];
  // Little of our environment: PGDATA and the like would be obeyed, secrets would outlive us in /proc.
  return [first, rest, { ...account.drop, env: { PATH: process.env.PATH, LC_ALL: 'C' } }];
}

/**
 * The first account that can run the programs and write to the folder. The folder is given to it.
 *
 * @throws EmbeddedPostgresError when none can
 */
export async function chooseAccount(binaries: Binaries, folder: string): Promise<Account> {
  const reasons: string[] = [];
  for (const account of await candidates(folder)) {
    if (account.owner) await chown(folder, account.owner.uid, account.owner.gid);
    const reason = await whyNot(account, binaries, folder);
    if (reason === '') return account;
    reasons.push(reason);
  }
  throw new EmbeddedPostgresError(
    process.getuid?.() === 0
      ? `Postgres refuses to run as root, and no other account can use ${folder} and ${binaries.postgres}. ` +
          'Run Claqueta as an ordinary user, or put it and DATA_DIR below folders that everybody may enter, ' +
          `or set DATABASE_URL to a Postgres of your own. (${reasons.join('; ')})`
      : `The embedded Postgres cannot run here: ${reasons.join('; ')}. ` +
          'Set DATABASE_URL to a Postgres of your own, or DATA_DIR to a folder that you may write to.',
  );
}

/** Gives all below the folder to the account, in case another one was chosen at an earlier start. */
export async function giveTo(account: Account, folder: string): Promise<void> {
  if (!account.owner || (await stat(folder)).uid === account.owner.uid) return;
  for (const name of await readdir(folder, { recursive: true })) {
    await chown(path.join(folder, name), account.owner.uid, account.owner.gid);
  }
  // Last: a crash before this line only means that it is all done again.
  await chown(folder, account.owner.uid, account.owner.gid);
}

/** `unshare` runs a command under another number in the eyes of itself, and as us in the eyes of the rest. */
const NAMESPACE = ['unshare', '-U', '--map-user=65534', '--map-group=65534', '--'];

async function candidates(folder: string): Promise<Account[]> {
  // In a namespace too, because initdb refuses a user without a name, as containers may have.
  if (process.getuid?.() !== 0) return [{ prefix: [] }, { prefix: NAMESPACE }];
  const home = await stat(path.dirname(folder));
  const nobody = nobodyOf(await readFile('/etc/passwd', 'utf8').catch(() => ''));
  return [
    // A namespace first: the files stay ours, so it works below /root, where no other account may go.
    { prefix: NAMESPACE, owner: { uid: 0, gid: 0 } },
    // With sudo in somebody's home, that somebody.
    ...(home.uid === 0 ? [] : [droppingTo({ uid: home.uid, gid: home.gid })]),
    droppingTo(nobody),
  ];
}

function droppingTo(user: { uid: number; gid: number }): Account {
  return { prefix: [], drop: user, owner: user };
}

/** The ids of `nobody` in the text of /etc/passwd; they differ between systems. */
export function nobodyOf(passwd: string): { uid: number; gid: number } {
  const [, uid = '65534', gid = '65534'] = /^nobody:[^:]*:(-?\d+):(-?\d+):/m.exec(passwd) ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}

/** Whether the programs run, the folder can be written to, and the user has a name. `id` is not everywhere. */
const TRIAL = `
  "$1" -V >/dev/null || exit
  test -w "$2" || { echo "no way into $2" >&2; exit 1; }
  test ! -x /usr/bin/id || /usr/bin/id -un >/dev/null`;

/** Tries it: whether an account may do something depends on more than can be looked up. Empty when all is well. */
function whyNot(account: Account, binaries: Binaries, folder: string): Promise<string> {
  const [command, args, options] = commandAs(account, '/bin/sh', ['-c', TRIAL, 'sh', binaries.postgres, folder]);
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr?.on('data', (text: Buffer) => (said += text.toString()));
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => resolve(code === 0 ? '' : said.trim() || `${command} failed (${code})`));
  });
}
