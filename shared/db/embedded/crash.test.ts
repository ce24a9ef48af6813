import assert from 'node:assert/strict';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { pino } from 'pino';
import { freshFolder } from '../../../test/kit/folder.ts';
import { killOwner, ownedBy, spawnOwner } from '../../../test/kit/owner-process.ts';
import { query } from '../../../test/kit/sql.ts';
import { until } from '../../../test/kit/until.ts';
import { createLog } from '../../log.ts';
import { isAlive } from '../../process.ts';
import { AlreadyRunningError } from './errors.ts';
import { findPostmaster } from './postmaster.ts';
import { startEmbeddedPostgres } from './start.ts';

const log = createLog('silent', 'test');
const dataOf = (folder: string) => path.join(folder, 'cluster/data');

async function serverOf(folder: string) {
  const server = await findPostmaster(dataOf(folder));
  assert.ok(server, 'the server lives');
  return server;
}

/** A log that can be read back. */
function heard() {
  const lines: string[] = [];
  return { lines, log: pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) }) };
}

test('the server is killed: that is logged with what it said last, and the next start has all that was committed', async (t) => {
  const dataDir = await freshFolder(t);
  const { lines, log: listening } = heard();
  const first = await startEmbeddedPostgres({ dataDir, log: listening });
  await query(first.url, 'create table kept as select generate_series(1, 1000) as number');
  process.kill((await serverOf(dataDir)).pid, 'SIGKILL');
  await until(() => lines.find((line) => line.includes('the database server died')), { what: 'the death is logged' });
  assert.match(lines.join(''), /ready to accept connections/);
  await first.stop();

  const second = await startEmbeddedPostgres({ dataDir, log });
  assert.deepEqual(await query(second.url, 'select count(*)::int from kept'), [{ count: 1000 }]);
  await second.stop();
});

test('everything is killed at once: the next start has all that was committed', async (t) => {
  const dataDir = await freshFolder(t);
  const owner = spawnOwner(t, dataDir);
  const { url } = await ownedBy(owner);
  await query(url, 'create table kept as select generate_series(1, 1000) as number');
  const rows = await query<{ pid: number }>(url, 'select pid from pg_stat_activity where pid <> pg_backend_pid()');
  const { pid } = await serverOf(dataDir);
  // The first process first: it would end the others in order.
  for (const each of [pid, ...rows.map((row) => row.pid)]) if (isAlive(each)) process.kill(each, 'SIGKILL');
  await killOwner(owner);

  const postgres = await startEmbeddedPostgres({ dataDir, log });
  assert.equal(postgres.adopted, false);
  assert.deepEqual(await query(postgres.url, 'select count(*)::int from kept'), [{ count: 1000 }]);
  await postgres.stop();
});

test('an owner is killed: the next start adopts its server, and can stop it', async (t) => {
  const dataDir = await freshFolder(t);
  const owner = spawnOwner(t, dataDir);
  const { url } = await ownedBy(owner);
  const { pid } = await serverOf(dataDir);
  await killOwner(owner);

  const postgres = await startEmbeddedPostgres({ dataDir, log });
  assert.deepEqual([postgres.adopted, postgres.url], [true, url]);
  assert.equal((await serverOf(dataDir)).pid, pid);
  await postgres.stop();
  assert.equal(await findPostmaster(dataOf(dataDir)), undefined);
});

test('an owner is killed while it makes the database: the next start begins anew and clears away', async (t) => {
  const dataDir = await freshFolder(t);
  const owner = spawnOwner(t, dataDir);
  owner.stdout?.resume();
  await until(async () => (await readdir(dataDir)).length > 0, { what: 'the database is being made', every: 2 });
  await killOwner(owner);

  const postgres = await startEmbeddedPostgres({ dataDir, log });
  assert.deepEqual(await query(postgres.url, 'select 1 as one'), [{ one: 1 }]);
  assert.deepEqual((await readdir(dataDir)).sort(), ['cluster', 'postgres.log']);
  await postgres.stop();
});

test('a half-made database of a process with our number is no hindrance', async (t) => {
  const dataDir = await freshFolder(t);
  await mkdir(path.join(dataDir, `new-${process.pid}-abcdef/data/base`), { recursive: true });
  const postgres = await startEmbeddedPostgres({ dataDir, log });
  assert.deepEqual((await readdir(dataDir)).sort(), ['cluster', 'postgres.log']);
  await postgres.stop();
});

test('a postmaster.pid of a dead server is no hindrance, even if its number is in use again or it is empty', async (t) => {
  const dataDir = await freshFolder(t);
  await (await startEmbeddedPostgres({ dataDir, log })).stop();
  const file = path.join(dataOf(dataDir), 'postmaster.pid');
  const lines = [dataOf(dataDir), '1795247809', '45555', '', '127.0.0.1', '  2146334        12', 'ready   ', ''];
  for (const pid of [999_999_999, process.ppid]) {
    await writeFile(file, [pid, ...lines].join('\n'), { mode: 0o600 });
    const postgres = await startEmbeddedPostgres({ dataDir, log });
    assert.equal(postgres.adopted, false);
    await postgres.stop();
  }
  await writeFile(file, '');
  await utimes(file, new Date(), new Date(Date.now() - 60_000));
  await (await startEmbeddedPostgres({ dataDir, log })).stop();
});

test('a process of the server is killed: it drops all connections, recovers, and keeps its owner', async (t) => {
  const dataDir = await freshFolder(t);
  const { lines, log: listening } = heard();
  const postgres = await startEmbeddedPostgres({ dataDir, log: listening });
  const [victim] = await query<{ pid: number }>(
    postgres.url,
    `select pid from pg_stat_activity where application_name = 'claqueta owner'`,
  );
  assert.ok(victim);
  process.kill(victim.pid, 'SIGKILL');
  await until(() => lines.find((line) => line.includes('is back')), { what: 'the owner has its lock again' });
  await assert.rejects(startEmbeddedPostgres({ dataDir, log }), AlreadyRunningError);
  assert.deepEqual(await query(postgres.url, 'select 1 as one'), [{ one: 1 }]);
  const { pid } = await serverOf(dataDir);
  await postgres.stop();
  await until(() => !isAlive(pid), { what: 'the server is gone', timeout: 1_000 });
});
