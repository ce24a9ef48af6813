import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { freshDatabase } from '../../test/kit/database.ts';
import { connect, rows, type Db } from './connect.ts';
import { preparedRows } from './prepared.ts';

/** With one connection, so that one that was not given back is missed. */
async function openOne(t: TestContext): Promise<Db> {
  const db = connect(await freshDatabase(t), { name: 'test', max: 1 });
  t.after(() => db.destroy());
  return db;
}

test('a statement is planned once by a connection, and answers what is bound each time', async (t) => {
  const db = await openOne(t);
  const ask = (one: number, two: string | null) =>
    preparedRows(db, `select cast(:one as integer) + :one::integer as sum, cast(:two as text) as text`, { two, one });
  assert.deepEqual(await ask(1, 'a:b $1 ?'), [{ sum: 2, text: 'a:b $1 ?' }]);
  for (let count = 0; count < 10; count++) assert.deepEqual(await ask(count, null), [{ sum: 2 * count, text: null }]);
  assert.deepEqual(await rows(db, 'select count(*)::integer as planned from pg_prepared_statements'), [{ planned: 1 }]);
  await assert.rejects(preparedRows(db, 'select cast(:one as integer)', { two: 1 }), /binding one is missing/);
});

test('a statement that fails gives its connection back, and tells no values', async (t) => {
  const db = await openOne(t);
  const insert = 'insert into users (id, username, email, password_hash) values (:id, :name, :name, :name)';
  for (let count = 0; count < 2; count++) {
    await assert.rejects(
      preparedRows(db, insert, { id: 'not an id', name: 'clara' }),
      (error) => error instanceof Error && 'code' in error && !/clara/.test(error.message),
    );
  }
  assert.deepEqual(await preparedRows(db, 'select cast(:one as integer) as one', { one: 1 }), [{ one: 1 }]);
});

test('a column that a migration gives another type does not break what was planned before', async (t) => {
  const db = await openOne(t);
  await db.raw('create table counted (id integer, count integer)');
  await db.raw('insert into counted values (1, 1)');
  const ask = () => preparedRows(db, 'select count from counted where id = :id', { id: 1 });
  for (let count = 0; count < 6; count++) assert.deepEqual(await ask(), [{ count: 1 }]);
  await db.raw('alter table counted alter column count type text using count::text');
  for (let count = 0; count < 2; count++) assert.deepEqual(await ask(), [{ count: '1' }]);
  const planned = await rows(db, `select count(*)::integer as planned from pg_prepared_statements`);
  assert.deepEqual(planned, [{ planned: 2 }], 'anew once, and not refused again');
});
