import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, chown, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';
import { freshFolder } from '../../../test/kit/folder.ts';
import { ownedBy, spawnOwner, stopOwner } from '../../../test/kit/owner-process.ts';
import { query } from '../../../test/kit/sql.ts';
import { nobodyOf } from './account.ts';

const root = { skip: process.getuid?.() !== 0 && 'only root can be root' };
const nobody = { uid: 65534, gid: 65534 };
/** Another user with a name, `daemon`. */
const someone = { uid: 1, gid: 1 };
const nameless = { uid: 12_345, gid: 12_345 };
/** Where no program is found, so no unshare either. */
const WITHOUT_UNSHARE = { PATH: '/nowhere' };

test('the ids of nobody are those of this system', () => {
  assert.deepEqual(nobodyOf('root:x:0:0::/root:/bin/sh\nnobody:x:99:98:Nobody:/:/sbin/nologin\n'), {
    uid: 99,
    gid: 98,
  });
  assert.deepEqual(nobodyOf('nobody:*:-2:-2:Unprivileged User:/var/empty:/usr/bin/false\n'), { uid: -2, gid: -2 });
  assert.deepEqual(nobodyOf(''), nobody);
});

test('root has a Postgres in a folder that nobody else may enter', root, async (t) => {
  if (!(await canUnshare())) return t.skip('this system gives root no user namespace');
  const dataDir = path.join(await freshFolder(t), 'postgres');
  const owner = spawnOwner(t, dataDir);
  const { url } = await ownedBy(owner);
  assert.deepEqual(await query(url, 'select 1 as one'), [{ one: 1 }]);
  assert.equal((await stat(path.join(dataDir, 'cluster/data'))).uid, 0);
  await stopOwner(owner);
});

test(
  'root without user namespaces has a Postgres that runs as nobody, with the data it had before',
  root,
  async (t) => {
    const home = await freshFolder(t);
    await chmod(home, 0o711);
    if (!(await canEnter(nobody, home))) return t.skip('other users may not enter the folder of this program');
    const dataDir = path.join(home, 'postgres');
    const counts: unknown[] = [];
    for (const env of [{}, WITHOUT_UNSHARE, {}]) {
      const owner = spawnOwner(t, dataDir, { env });
      const { url } = await ownedBy(owner);
      if (env === WITHOUT_UNSHARE) assert.equal((await stat(path.join(dataDir, 'cluster/data'))).uid, nobody.uid);
      await query(url, 'create table if not exists runs (); insert into runs default values');
      counts.push(...(await query(url, 'select count(*)::int as runs from runs')));
      await stopOwner(owner);
    }
    assert.deepEqual(counts, [{ runs: 1 }, { runs: 2 }, { runs: 3 }]);
  },
);

test('root whom neither way helps is told what to do', root, async (t) => {
  const owner = spawnOwner(t, path.join(await freshFolder(t), 'postgres'), { env: WITHOUT_UNSHARE });
  await assert.rejects(ownedBy(owner), /Run Claqueta as an ordinary user, or .* set DATABASE_URL/);
});

test('root in the folder of a user lets Postgres run as that user', root, async (t) => {
  const home = await freshFolder(t);
  await chown(home, someone.uid, someone.gid);
  if (!(await canEnter(someone, home))) return t.skip('other users may not enter the folder of this program');
  const dataDir = path.join(home, 'postgres');
  const owner = spawnOwner(t, dataDir);
  const { url } = await ownedBy(owner);
  assert.deepEqual(await query(url, 'select 1 as one'), [{ one: 1 }]);
  assert.equal((await stat(path.join(dataDir, 'cluster/data'))).uid, someone.uid);
  await stopOwner(owner);
});

test('an ordinary user has a Postgres of their own', root, async (t) => {
  const home = await freshFolder(t);
  await chown(home, nobody.uid, nobody.gid);
  if (!(await canEnter(nobody, home))) return t.skip('other users may not enter the folder of this program');
  const owner = spawnOwner(t, path.join(home, 'postgres'), { user: nobody, env: { TMPDIR: home } });
  const { url } = await ownedBy(owner);
  assert.deepEqual(await query(url, 'select 1 as one'), [{ one: 1 }]);
  await stopOwner(owner);
  assert.deepEqual((await readdir(path.join(home, 'postgres'))).sort(), ['cluster', 'postgres.log']);
});

test(
  'a user without a name has a Postgres where there are user namespaces, and else is told why not',
  root,
  async (t) => {
    const home = await freshFolder(t);
    await chown(home, nameless.uid, nameless.gid);
    if (!(await canEnter(nameless, home))) return t.skip('other users may not enter the folder of this program');
    const dataDir = path.join(home, 'postgres');
    const helpless = spawnOwner(t, dataDir, { user: nameless, env: { TMPDIR: home, ...WITHOUT_UNSHARE } });
    await assert.rejects(ownedBy(helpless), /The embedded Postgres cannot run here: .*12345.* Set DATABASE_URL/);
    if (!(await canUnshare(nameless))) return t.skip('this system gives users no user namespace');
    const owner = spawnOwner(t, dataDir, { user: nameless, env: { TMPDIR: home } });
    const { url } = await ownedBy(owner);
    assert.deepEqual(await query(url, 'select 1 as one'), [{ one: 1 }]);
    await stopOwner(owner);
  },
);

/** The clone, or the folder of temporary files, may lie below /root. */
function canEnter(user: { uid: number; gid: number }, home: string): Promise<boolean> {
  const script = 'test -r "$1" && test -x "$2"';
  return works('/bin/sh', ['-c', script, 'sh', path.join(import.meta.dirname, 'start.ts'), home], user);
}

function canUnshare(user: { uid?: number; gid?: number } = {}): Promise<boolean> {
  return works('unshare', ['-U', '--map-user=65534', '--map-group=65534', '--', 'true'], user);
}

function works(command: string, args: string[], options: { uid?: number; gid?: number }): Promise<boolean> {
  return promisify(execFile)(command, args, options).then(
    () => true,
    () => false,
  );
}
