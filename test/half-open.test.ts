import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { connect, rows, type Db } from '../shared/db/connect.ts';
import { mayPass } from '../shared/db/passing.ts';
import { preparedRows } from '../shared/db/prepared.ts';
import { toApiError } from '../web/errors.ts';
import { startProxy } from './faults/tcp-proxy.ts';
import { freshDatabase } from './kit/database.ts';
import { undo } from './kit/undo.ts';

const QUERY_MS = 300;

type Ask = (db: Db, sql: string, bindings: Record<string, unknown>) => Promise<{ answer: number }[]>;

async function leavesDeafConnection(t: TestContext, run: Ask): Promise<void> {
  const url = new URL(await freshDatabase(t));
  const proxy = await startProxy(t, Number(url.port));
  url.port = String(proxy.port);
  const db = connect(url.href, { name: 'test', max: 1, queryMs: QUERY_MS });
  undo(t, () => db.destroy());
  const ask = () => run(db, 'select cast(:answer as integer) as answer', { answer: 1 });
  assert.deepEqual(await ask(), [{ answer: 1 }]);
  proxy.halfOpen();
  const error: unknown = await ask().then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.equal(mayPass(error), true, 'it may pass');
  assert.equal(toApiError(error).status, 503);
  assert.deepEqual(await ask(), [{ answer: 1 }], 'on another connection');
}

test('a connection that a statement got no answer on is not used again', (t) => leavesDeafConnection(t, rows));

test('nor one that a prepared statement got no answer on', (t) => leavesDeafConnection(t, preparedRows));
