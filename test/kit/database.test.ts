import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { connect, rows } from '../../shared/db/connect.ts';
import { isMigrated } from '../../shared/db/migrate.ts';
import { freshDatabase } from './database.ts';
import { testServer } from './server.ts';
import { until } from './until.ts';

function open(t: TestContext, url: string) {
  const db = connect(url, { name: 'test', max: 1 });
  t.after(() => db.destroy());
  return db;
}

test('a fresh database has the newest schema and nothing of another test', async (t) => {
  const [one, other] = await Promise.all([freshDatabase(t), freshDatabase(t)]);
  const [here, there] = [open(t, one), open(t, other)];
  assert.equal(await isMigrated(here), true);
  await here.raw('create table mine ()');
  assert.deepEqual(await rows(there, `select to_regclass('mine') as found`), [{ found: null }]);
});

test('a database is dropped after its test, even while connections to it are open', async (t) => {
  const names: string[] = [];
  await t.test('a test that leaves a connection open', async (inner) => {
    const url = await freshDatabase(inner);
    names.push(new URL(url).pathname.slice(1));
    // Closed by the outer test only.
    await open(t, url).raw('select 1');
  });
  const server = open(t, await testServer());
  const isGone = async () => {
    const found = await rows(server, 'select from pg_database where datname = :name', { name: names[0] });
    return found.length === 0;
  };
  await until(isGone, { what: 'the database is dropped' });
});
