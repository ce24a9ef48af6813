import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import test from 'node:test';
import { freshFolder } from '../../../test/kit/folder.ts';
import { ownedBy, spawnOwner, stopOwner } from '../../../test/kit/owner-process.ts';
import { query } from '../../../test/kit/sql.ts';
import { until } from '../../../test/kit/until.ts';
import { createLog } from '../../log.ts';
import { isAlive } from '../../process.ts';
import { AlreadyRunningError } from './errors.ts';
import { findPostmaster } from './postmaster.ts';
import { startEmbeddedPostgres } from './start.ts';

const log = createLog('silent', 'test');
const serverOf = (folder: string) => findPostmaster(path.join(folder, 'cluster/data'));

test('an empty folder becomes a database that answers and writes to the disk before it says done', async (t) => {
  const dataDir = path.join(await freshFolder(t), 'not/there/yet');
  const postgres = await startEmbeddedPostgres({ dataDir, log, settings: { max_connections: '33' } });
  assert.equal(postgres.adopted, false);
  assert.match(postgres.url, /^postgres:\/\/claqueta:\w{48}@127\.0\.0\.1:\d+\/claqueta$/);
  const [found] = await query(
    postgres.url,
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commits,
       current_setting('full_page_writes') as pages, current_setting('max_connections') as connections,
       current_setting('timezone') as zone, current_setting('server_encoding') as encoding`,
  );
  assert.deepEqual(found, {
    ...{ fsync: 'on', commits: 'on', pages: 'on', connections: '33', zone: 'UTC', encoding: 'UTF8' },
  });
  await postgres.stop();
});

test('what was written is there after a stop and a start, at the same password', async (t) => {
  const dataDir = await freshFolder(t);
  const first = await startEmbeddedPostgres({ dataDir, log });
  await query(first.url, 'create table kept as select 42 as answer');
  await first.stop();
  const second = await startEmbeddedPostgres({ dataDir, log });
  assert.deepEqual(await query(second.url, 'select answer from kept'), [{ answer: 42 }]);
  assert.equal(new URL(second.url).password, new URL(first.url).password);
  await second.stop();
});

test('a stop leaves no process and no passing file, however often it is asked for', async (t) => {
  const dataDir = await freshFolder(t);
  const postgres = await startEmbeddedPostgres({ dataDir, log });
  const server = await serverOf(dataDir);
  assert.ok(server);
  await Promise.all([postgres.stop(), postgres.stop()]);
  await postgres.stop();
  await until(() => !isAlive(server.pid), { what: 'the server is gone', timeout: 1_000 });
  assert.deepEqual((await readdir(dataDir)).sort(), ['cluster', 'postgres.log']);
  assert.equal((await readdir(path.join(dataDir, 'cluster/data'))).includes('postmaster.pid'), false);
});

test('a second owner is refused, and the first is not disturbed', async (t) => {
  const dataDir = await freshFolder(t);
  const postgres = await startEmbeddedPostgres({ dataDir, log });
  await assert.rejects(startEmbeddedPostgres({ dataDir, log }), AlreadyRunningError);
  assert.deepEqual(await query(postgres.url, 'select 1 as one'), [{ one: 1 }]);
  await postgres.stop();
});

test('of two that start at once in a new folder one becomes the owner and the other is refused', async (t) => {
  const dataDir = await freshFolder(t);
  const owners = [spawnOwner(t, dataDir), spawnOwner(t, dataDir)];
  const results = await Promise.allSettled(owners.map(ownedBy));
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
  assert.equal(refused.length, 1, `refused: ${refused.join('\n')}`);
  assert.match(refused[0] ?? '', /Another Claqueta uses the database/);
  const [winner] = owners.filter((_, index) => results[index]?.status === 'fulfilled');
  assert.ok(winner);
  await stopOwner(winner);
  assert.equal(await serverOf(dataDir), undefined);
});

test('a start that is given up leaves nothing, neither while the database is made nor while it starts', async (t) => {
  const dataDir = await freshFolder(t);
  const names = () => readdir(dataDir);
  const moments = [
    { what: 'the database is being made', isNow: async () => (await names()).some((name) => name.startsWith('new-')) },
    { what: 'the server is starting', isNow: () => serverOf(dataDir) },
  ];
  for (const { what, isNow } of moments) {
    const giveUp = new AbortController();
    const start = startEmbeddedPostgres({ dataDir, log, signal: giveUp.signal });
    const refused = assert.rejects(start);
    await until<unknown>(isNow, { what, every: 1 });
    giveUp.abort(new Error('never mind'));
    await refused;
    assert.equal(await serverOf(dataDir), undefined);
    assert.deepEqual(
      (await names()).filter((name) => name.startsWith('new-')),
      [],
    );
  }
});

test('a server that cannot start says why', async (t) => {
  const dataDir = await freshFolder(t);
  const taken = createServer().listen(0, '127.0.0.1');
  await until(() => taken.listening, { what: 'a port is taken' });
  const port = String((taken.address() as AddressInfo).port);
  t.after(() => taken.close());
  await assert.rejects(startEmbeddedPostgres({ dataDir, log, settings: { port } }), /could not bind/);
  await assert.rejects(startEmbeddedPostgres({ dataDir, log, settings: { shared_buffers: 'lots' } }), /shared_buffers/);
});
