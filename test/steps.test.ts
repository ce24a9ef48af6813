import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { connect, rows } from '../shared/db/connect.ts';
import { cancelTask } from '../shared/task/cancel.ts';
import { claimStep } from '../shared/task/claim.ts';
import { failStep } from '../shared/task/fail.ts';
import { finishClip, finishTask } from '../shared/task/finish.ts';
import { markUnannounced } from '../shared/task/announce.ts';
import { Problem } from '../shared/task/problem.ts';
import { releaseStep } from '../shared/task/release.ts';
import { leaseKey, renewLeases } from '../shared/task/renew.ts';
import { retireShares, sweepSteps } from '../shared/task/sweep.ts';
import { freshDatabase } from './kit/database.ts';
import { claim, clipOf, expireLeases, newOwner, newTask, plannedTask, stepStates, taskRow } from './kit/tasks.ts';

const TRIES = 3;

async function database(t: TestContext) {
  const db = connect(await freshDatabase(t), { name: 'test', max: 8 });
  t.after(() => db.destroy());
  return db;
}

test('a task goes from ingest over its clips to finish, and succeeds', async (t) => {
  const db = await database(t);
  const owner = await newOwner(db);
  const id = await newTask(db, owner);
  assert.equal((await taskRow(db, id))?.status, 'pending');
  await db.raw('delete from tasks');

  const planned = await plannedTask(db, owner, 2);
  assert.equal((await taskRow(db, planned))?.status, 'running');
  const first = await claim(db);
  const second = await claim(db);
  assert.deepEqual(await finishClip(db, second, clipOf(second)), { accepted: true, announced: 0 });
  assert.deepEqual(await finishClip(db, first, clipOf(first)), { accepted: true, announced: 1 });
  const last = await claim(db);
  assert.equal(last.kind, 'finish');
  assert.equal((await finishTask(db, last)).accepted, true);
  assert.deepEqual(await taskRow(db, planned), { status: 'succeeded', parts_left: 0, error: null });
});

test('the last two clips finished at once make one finish step', async (t) => {
  const db = await database(t);
  const owner = await newOwner(db);
  for (let round = 0; round < 20; round++) {
    const id = await plannedTask(db, owner, 2);
    const steps = [await claim(db), await claim(db)];
    const finished = await Promise.all(steps.map((step) => finishClip(db, step, clipOf(step))));
    assert.equal(
      finished.reduce((sum, { announced }) => sum + announced, 0),
      1,
    );
    assert.equal((await stepStates(db, id)).filter((state) => state.startsWith('finish')).length, 1);
    await finishTask(db, await claim(db));
  }
});

test('many claims at once never take the same step', async (t) => {
  const db = await database(t);
  await plannedTask(db, await newOwner(db), 60);
  const claims = await Promise.all(Array.from({ length: 60 }, (_, index) => claimStep(db, `worker-${index}`, 20)));
  const taken = claims.flatMap((step) => (step ? [step.step] : []));
  assert.equal(taken.length, 60);
  assert.equal(new Set(taken).size, 60);
});

test('an owner with 200 steps waiting does not hold up the first step of another', async (t) => {
  const db = await database(t);
  const many = await newOwner(db);
  await plannedTask(db, many, 200);
  await claim(db);
  const other = await newOwner(db);
  await newTask(db, other);
  assert.equal((await claim(db)).owner, other);
  assert.equal((await claim(db)).owner, many);
});

test('owners take turns, however many steps each has waiting', async (t) => {
  const db = await database(t);
  const owners = [await newOwner(db), await newOwner(db), await newOwner(db)];
  for (const [index, owner] of owners.entries()) {
    for (let task = 0; task < 5 * (index + 1); task++) await newTask(db, owner);
  }
  const served: string[] = [];
  for (let turn = 0; turn < 15; turn++) served.push((await claim(db)).owner);
  for (const owner of owners) assert.equal(served.filter((one) => one === owner).length, 5);
});

test('within an owner the higher priority goes first, and then the older', async (t) => {
  const db = await database(t);
  const owner = await newOwner(db);
  const old = await newTask(db, owner);
  const low = await newTask(db, owner, { priority: -1 });
  const high = await newTask(db, owner, { priority: 5 });
  const young = await newTask(db, owner);
  const order = [await claim(db), await claim(db), await claim(db), await claim(db)].map((step) => step.task);
  assert.deepEqual(order, [high, old, young, low]);
});

test('a writer whose attempt is no longer current changes nothing', async (t) => {
  const db = await database(t);
  const id = await plannedTask(db, await newOwner(db), 1);
  const stale = await claim(db, 'stable-name');
  await expireLeases(db);
  assert.equal((await sweepSteps(db, TRIES)).expired, 1);
  // The same worker name: only the attempt tells the two apart.
  const current = await claim(db, 'stable-name');
  assert.equal(current.attempt, stale.attempt + 1);

  assert.equal((await renewLeases(db, [{ lease: stale, progress: 1 }], 20)).size, 0);
  assert.equal((await finishClip(db, stale, clipOf(stale))).accepted, false);
  assert.equal((await failStep(db, stale, new Problem('internal'), { tries: TRIES })).accepted, false);
  assert.equal(await releaseStep(db, stale), false);
  assert.deepEqual(await stepStates(db, id), ['ingest: done', 'clip 1: leased']);

  assert.equal((await finishClip(db, current, clipOf(current))).accepted, true);
  const [kept] = await rows<{ key: string }>(db, `select output ->> 'key' as key from steps where part = 1`);
  assert.equal(kept?.key, clipOf(current).key);
});

test('a renewal keeps the lease, carries the progress and tells what is not wanted any more', async (t) => {
  const db = await database(t);
  const owner = await newOwner(db);
  const kept = await plannedTask(db, owner, 1);
  const step = await claim(db);
  const cancelled = await plannedTask(db, owner, 1);
  const lost = await claim(db);
  await cancelTask(db, cancelled, owner);
  const renewed = await renewLeases(
    db,
    [
      { lease: step, progress: 0.5 },
      { lease: lost, progress: 0.5 },
    ],
    20,
  );
  assert.deepEqual([...renewed], [leaseKey(step)]);
  const [row] = await rows<{ progress: number; left: number }>(
    db,
    `select progress, extract(epoch from lease_until - clock_timestamp())::float as left
     from steps where task_id = :kept and kind = 'clip'`,
    { kept },
  );
  assert.equal(row?.progress, 0.5);
  assert.ok(row.left > 19 && row.left <= 20, `${row.left} s left`);
});

test('a failure that may pass is tried again after a while, and no more often than allowed', async (t) => {
  const db = await database(t);
  const id = await plannedTask(db, await newOwner(db), 1);
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const step = await claim(db);
    const failed = await failStep(db, step, new Problem('clip_failed', 'detail'), { tries: TRIES });
    assert.deepEqual(failed, { accepted: true, again: attempt < TRIES });
    assert.equal(await claimStep(db, 'a-worker', 20), null, 'it waits before the next try');
    await db.raw('update steps set ready_at = clock_timestamp()');
  }
  assert.equal((await taskRow(db, id))?.status, 'failed');
  assert.equal((await taskRow(db, id))?.error?.code, 'clip_failed');
});

test('a failure that stays is not tried again', async (t) => {
  const db = await database(t);
  const id = await newTask(db, await newOwner(db));
  const failed = await failStep(db, await claim(db), new Problem('source_not_video'), { tries: TRIES });
  assert.deepEqual(failed, { accepted: true, again: false });
  assert.equal((await taskRow(db, id))?.status, 'failed');
});

test('a step that takes its worker with it every time fails, and its siblings are not harmed', async (t) => {
  const db = await database(t);
  const id = await plannedTask(db, await newOwner(db), 2);
  const poison = await claim(db);
  assert.equal(poison.part, 1);
  for (let crash = 1; crash < TRIES; crash++) {
    await expireLeases(db);
    assert.equal((await sweepSteps(db, TRIES)).expired, 1);
    assert.equal((await claim(db)).part, 1);
  }
  await expireLeases(db);
  assert.equal((await sweepSteps(db, TRIES)).failed, 1);
  const sibling = await claim(db);
  assert.equal(sibling.part, 2);
  await finishClip(db, sibling, clipOf(sibling));
  assert.deepEqual(await stepStates(db, id), ['ingest: done', 'clip 1: failed', 'clip 2: done']);
  assert.equal((await taskRow(db, id))?.status, 'failed');
  assert.equal((await taskRow(db, id))?.error?.code, 'worker_lost');
});

test('a step given back on stopping does not count as tried', async (t) => {
  const db = await database(t);
  await newTask(db, await newOwner(db));
  for (let times = 0; times < 2 * TRIES; times++) assert.equal(await releaseStep(db, await claim(db)), true);
  const step = await claim(db);
  assert.equal(step.attempt, 2 * TRIES + 1);
  assert.equal((await failStep(db, step, new Problem('internal'), { tries: TRIES })).again, true);
});

test('the database itself refuses to leave a final state', async (t) => {
  const db = await database(t);
  const owner = await newOwner(db);
  const id = await newTask(db, owner);
  await cancelTask(db, id, owner);
  await assert.rejects(db.raw(`update tasks set status = 'running', finished_at = null`), /stays so/);
  await assert.rejects(db.raw(`update steps set state = 'waiting', finished_at = null`), /stays so/);
});

test('what nobody heard of is announced again, once, and not while others work', async (t) => {
  const db = await database(t);
  const owner = await newOwner(db);
  await newTask(db, owner);
  assert.equal((await sweepSteps(db, TRIES)).announce, 0);
  const longAgo = () => db.raw(`update steps set announced_at = clock_timestamp() - interval '2 minutes'`);
  await longAgo();
  assert.equal((await sweepSteps(db, TRIES)).announce, 1);
  assert.equal((await sweepSteps(db, TRIES)).announce, 0);

  await newTask(db, owner);
  await claim(db);
  await longAgo();
  assert.equal((await sweepSteps(db, TRIES)).announce, 0, 'a worker is there and will look');
});

test('an announcement that failed is made up for at once', async (t) => {
  const db = await database(t);
  const owner = await newOwner(db);
  const id = await newTask(db, owner);
  await markUnannounced(db, id);
  assert.equal((await sweepSteps(db, TRIES)).announce, 1);
});

test('an owner without work takes no turns, and takes them again with the next task', async (t) => {
  const db = await database(t);
  const owner = await newOwner(db);
  await cancelTask(db, await newTask(db, owner), owner);
  await db.raw(`update shares set activated_at = clock_timestamp() - interval '2 minutes'`);
  await retireShares(db);
  const active = async () => (await rows<{ active: boolean }>(db, 'select active from shares'))[0]?.active;
  assert.equal(await active(), false);
  await newTask(db, owner);
  assert.equal(await active(), true);
});
