import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../test/kit/database.ts';
import { connect } from './connect.ts';

test('the error of a failed statement does not tell the values that were in it', async (t) => {
  const db = connect(await freshDatabase(t), { name: 'test', max: 1 });
  t.after(() => db.destroy());
  const insert = db.raw('insert into users (id, username, email, password_hash) values (:id, :name, :name, :hash)', {
    id: 'not an id',
    name: 'clara',
    hash: 'a hash that nobody shall read',
  });
  await assert.rejects(
    Promise.resolve(insert),
    (error) => error instanceof Error && !/nobody shall read|clara/.test(error.message),
  );
});
