import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect } from '../shared/db/connect.ts';
import { failStep } from '../shared/task/fail.ts';
import { finishClip } from '../shared/task/finish.ts';
import { Problem } from '../shared/task/problem.ts';
import { costOf, usedByDay } from '../shared/task/usage.ts';
import { freshDatabase } from './kit/database.ts';
import { newClient } from './kit/client.ts';
import { startService } from './kit/service.ts';
import { claim, clipOf, newOwner, plannedTask } from './kit/tasks.ts';
import { undo } from './kit/undo.ts';
import { sample } from './kit/videos.ts';

test('an owner reads what a task has used, also when it is removed', async (t) => {
  const service = await startService(t, { env: { PRICE_CPU_HOUR: '3.6' } });
  const client = await newClient(service.url);
  const { body: submitted } = await client.upload(await sample({ seconds: 2 }));
  const task = await client.ended(submitted.task_id);
  assert.equal(task.status, 'succeeded');
  const { usage } = task;
  assert.ok(usage.cpu_seconds > 0, `${usage.cpu_seconds} s`);
  assert.equal(usage.source_bytes, task.media?.bytes);
  const clips = task.clips.reduce((sum, { bytes }) => sum + bytes, 0);
  assert.equal(usage.stored_bytes, usage.source_bytes + clips);
  assert.equal(usage.estimated_cost, costOf(usage.cpu_seconds, 3.6));

  interface Usage {
    stored_bytes: number;
    total: { sources: number; source_bytes: number; cpu_seconds: number; estimated_cost: number };
    days: { day: string }[];
  }
  const read = async (query = '') => (await client.ask<Usage>('GET', `/usage${query}`)).body;
  const before = await read();
  assert.deepEqual(before.total, {
    sources: 1,
    source_bytes: usage.source_bytes,
    cpu_seconds: usage.cpu_seconds,
    estimated_cost: usage.estimated_cost,
  });
  assert.equal(before.stored_bytes, usage.stored_bytes);
  assert.equal((await client.ask('DELETE', `/tasks/${task.task_id}`)).status, 204);
  const after = await read();
  assert.deepEqual(after, { ...before, stored_bytes: 0 });
  assert.deepEqual((await read('?from=2020-01-01&to=2020-01-31')).days, []);
  for (const query of ['?from=2020-01-31&to=2020-01-01', '?from=2019-01-01&to=2020-12-31', '?from=yesterday'])
    assert.equal((await client.ask('GET', `/usage${query}`)).status, 400, query);
  t.diagnostic(`${usage.cpu_seconds.toFixed(2)} CPU seconds for a clip of 4 s`);
});

test('failed attempts count: whoever pays, pays for them', async (t) => {
  const db = connect(await freshDatabase(t), { name: 'test', max: 2 });
  undo(t, () => db.destroy());
  const owner = await newOwner(db);
  await plannedTask(db, owner, 1);
  const first = await claim(db);
  await failStep(db, first, new Problem('clip_failed'), { tries: 3, cpuSeconds: 2.5 });
  await db.raw(`update steps set ready_at = now()`);
  const second = await claim(db);
  await finishClip(db, second, clipOf(second), 4);
  const [today] = await usedByDay(db, owner, '2000-01-01', '2999-12-31');
  assert.deepEqual([today?.cpu_seconds, today?.sources], [6.5, 1]);
});
