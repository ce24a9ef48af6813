import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, rows } from '../shared/db/connect.ts';
import { mayPass } from '../shared/db/passing.ts';
import { toApiError } from '../web/errors.ts';
import { startProxy } from './faults/tcp-proxy.ts';
import { freshDatabase } from './kit/database.ts';
import { undo } from './kit/undo.ts';

const QUERY_MS = 300;

test('a connection that a statement got no answer on is not used again', async (t) => {
  const url = new URL(await freshDatabase(t));
  const proxy = await startProxy(t, Number(url.port));
  url.port = String(proxy.port);
  const db = connect(url.href, { name: 'test', max: 1, queryMs: QUERY_MS });
  undo(t, () => db.destroy());
  const ask = () => rows<{ answer: number }>(db, 'select 1 as answer');
  assert.deepEqual(await ask(), [{ answer: 1 }]);
  proxy.halfOpen();
  const error: unknown = await ask().then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.equal(mayPass(error), true, 'it may pass');
  assert.equal(toApiError(error).status, 503);
  assert.deepEqual(await ask(), [{ answer: 1 }], 'on another connection');
});
