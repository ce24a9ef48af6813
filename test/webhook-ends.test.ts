import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { connect, rows } from '../shared/db/connect.ts';
import { cancelTask } from '../shared/task/cancel.ts';
import { addWebhook, removeWebhook } from '../web/webhooks/endpoints.ts';
import { freshDatabase } from './kit/database.ts';
import { newOwner, newTask, taskRow } from './kit/tasks.ts';
import { undo } from './kit/undo.ts';
import { until } from './kit/until.ts';

async function open(t: TestContext) {
  const db = connect(await freshDatabase(t), { name: 'test', max: 4 });
  undo(t, () => db.destroy());
  const owner = await newOwner(db);
  const endpoint = await addWebhook(db, owner, { url: 'https://example.com/endpoint', events: ['task.cancelled'] });
  assert.ok(endpoint);
  return { db, owner, endpoint };
}

const from = { address: '192.0.2.1', requestId: 'a-request' };

test('an endpoint that is removed while a task ends does not keep it from ending', async (t) => {
  const { db, owner, endpoint } = await open(t);
  const id = await newTask(db, owner, { callbackUrl: 'https://example.com/callback' });
  const removing = await db.transaction();
  await removeWebhook(removing, endpoint.id, owner);
  const ending = cancelTask(db, id, owner, from);
  const waits = `select from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`;
  await until(async () => (await rows(db, waits)).length > 0, { what: 'the end waits for the removal' });
  await removing.commit();
  assert.equal(await ending, true);
  assert.equal((await taskRow(db, id))?.status, 'cancelled');
  const told = await rows<{ url: string }>(db, 'select url from deliveries');
  assert.deepEqual(told, [{ url: 'https://example.com/callback' }]);
});

test('of a dry run only the address that it named is told, and the body says so', async (t) => {
  const { db, owner } = await open(t);
  for (const dryRun of [true, false]) {
    const id = await newTask(db, owner, { dryRun, callbackUrl: 'https://example.com/callback' });
    await cancelTask(db, id, owner, from);
    const told = await rows<{ url: string; dry: boolean }>(
      db,
      `select url, cast(body as json) -> 'task' -> 'dry_run' as dry from deliveries where task_id = :id order by url`,
      { id },
    );
    const expected = dryRun ? ['callback'] : ['callback', 'endpoint'];
    assert.deepEqual(
      told,
      expected.map((name) => ({ url: `https://example.com/${name}`, dry: dryRun })),
    );
  }
});
