import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { connect, rows, type Db } from '../shared/db/connect.ts';
import { failStep } from '../shared/task/fail.ts';
import { finishClip, finishIngest, finishSound, finishTask } from '../shared/task/finish.ts';
import { fetchedSourceKey } from '../shared/task/keys.ts';
import type { Media } from '../shared/task/media.ts';
import { Problem } from '../shared/task/problem.ts';
import { retryTask } from '../shared/task/retry.ts';
import type { ClaimedStep } from '../shared/task/task.ts';
import { freshDatabase } from './kit/database.ts';
import { claim, clipInputs, clipOf, newOwner, newTask, stepStates, taskRow } from './kit/tasks.ts';

/** A task of one clip and the sound, both claimed. */
async function claimed(
  t: TestContext,
): Promise<{ db: Db; id: string; owner: string; clip: ClaimedStep; sound: ClaimedStep }> {
  const db = connect(await freshDatabase(t), { name: 'test', max: 2 });
  t.after(() => db.destroy());
  const owner = await newOwner(db);
  const id = await newTask(db, owner);
  const ingested = { sourceKey: fetchedSourceKey(id, 1), media: {} as Media, clips: clipInputs(1), hasSoundStep: true };
  assert.deepEqual(await finishIngest(db, await claim(db), ingested, 0.5), { accepted: true, announced: 2 });
  return { db, id, owner, clip: await claim(db), sound: await claim(db) };
}

const made = { key: 'a-key', bytes: 1, seconds: 20 };

test('the finish step waits for the sound as for every part', async (t) => {
  const { db, id, clip, sound } = await claimed(t);
  assert.equal((await finishClip(db, clip, clipOf(clip))).announced, 0);
  assert.equal((await finishSound(db, sound, made)).announced, 1);
  assert.ok((await finishTask(db, await claim(db))).accepted);
  assert.equal((await taskRow(db, id))?.status, 'succeeded');
});

test('a task without its sound fails once its parts are done, and a retry makes the sound alone', async (t) => {
  const { db, id, owner, clip, sound } = await claimed(t);
  await failStep(db, sound, new Problem('clip_failed'), { tries: 1 });
  assert.equal((await taskRow(db, id))?.status, 'running');
  await finishClip(db, clip, clipOf(clip));
  assert.equal((await taskRow(db, id))?.status, 'failed');
  assert.equal(await retryTask(db, id, owner), 1);
  assert.equal((await finishSound(db, await claim(db), made)).announced, 1);
  assert.deepEqual((await stepStates(db, id)).at(-1), 'finish: waiting');
});

test('what every attempt took of the processor is added up', async (t) => {
  const { db, clip } = await claimed(t);
  await failStep(db, clip, new Problem('clip_failed'), { tries: 3, cpuSeconds: 1.5 });
  await db.raw(`update steps set ready_at = clock_timestamp() where state = 'waiting'`);
  const again = await claim(db);
  await finishClip(db, again, clipOf(again), 2);
  const cost = await rows(db, 'select kind, cpu_seconds from steps order by id');
  assert.deepEqual(cost, [
    { kind: 'ingest', cpu_seconds: 0.5 },
    { kind: 'clip', cpu_seconds: 3.5 },
    { kind: 'sound', cpu_seconds: null },
  ]);
});
