import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { connect, rows } from '../shared/db/connect.ts';
import { cancelTask } from '../shared/task/cancel.ts';
import { claimStep } from '../shared/task/claim.ts';
import { finishClip, finishTask } from '../shared/task/finish.ts';
import { retryTask } from '../shared/task/retry.ts';
import { freshDatabase } from './kit/database.ts';
import { claim, clipOf, newOwner, plannedTask, stepStates, taskRow } from './kit/tasks.ts';

async function database(t: TestContext) {
  const db = connect(await freshDatabase(t), { name: 'test', max: 8 });
  t.after(() => db.destroy());
  return db;
}

test('a retry does only what is missing, and a writer of before stays shut out', async (t) => {
  const db = await database(t);
  const owner = await newOwner(db);
  const id = await plannedTask(db, owner, 3);
  const [first, second] = [await claim(db), await claim(db)];
  await finishClip(db, first, clipOf(first));
  assert.equal(await cancelTask(db, id, owner), true);
  assert.equal(await cancelTask(db, id, owner), false);
  assert.equal(await retryTask(db, id, await newOwner(db)), null, 'another owner has nothing to retry');
  assert.equal(await retryTask(db, id, owner), 2);
  assert.equal((await finishClip(db, second, clipOf(second))).accepted, false);
  assert.deepEqual(await stepStates(db, id), ['ingest: done', 'clip 1: done', 'clip 2: waiting', 'clip 3: waiting']);
  for (const step of [await claim(db), await claim(db)]) await finishClip(db, step, clipOf(step));
  await finishTask(db, await claim(db));
  assert.equal((await taskRow(db, id))?.status, 'succeeded');
  assert.equal(await retryTask(db, id, owner), null);
});

test('cancelling and finishing at the same moment end in one of the two, never in both', async (t) => {
  const db = await database(t);
  const owner = await newOwner(db);
  const ends = new Set<string | undefined>();
  for (let race = 0; race < 60; race++) {
    const id = await plannedTask(db, owner, 1);
    const clip = await claim(db);
    await finishClip(db, clip, clipOf(clip));
    const last = await claim(db);
    const [cancelled, finished] = await Promise.all([
      race % 2 ? cancelTask(db, id, owner) : cancelLate(db, id, owner),
      finishTask(db, last),
    ]);
    assert.notEqual(cancelled, finished.accepted);
    const status = (await taskRow(db, id))?.status;
    assert.equal(status, cancelled ? 'cancelled' : 'succeeded');
    ends.add(status);
  }
  assert.equal(ends.size, 2, 'both ends were seen');
});

async function cancelLate(db: Awaited<ReturnType<typeof database>>, id: string, owner: string): Promise<boolean> {
  await db.raw('select pg_sleep(0.002)');
  return cancelTask(db, id, owner);
}

test('cancelling while the plan is written leaves no step that could be claimed', async (t) => {
  const db = await database(t);
  const owner = await newOwner(db);
  for (let race = 0; race < 40; race++) {
    const planned = plannedTask(db, owner, 20);
    const [cancelled] = await Promise.all([
      rows<{ id: string }>(db, `select id from tasks order by id desc limit 1`).then(
        ([task]) => task && cancelTask(db, task.id, owner),
      ),
      planned.catch(() => {}),
    ]);
    if (cancelled) assert.equal(await claimStep(db, 'a-worker', 20), null);
    await db.raw('delete from tasks');
  }
});
