import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { rows } from '../shared/db/connect.ts';
import { clipKey, clipPrefix } from '../shared/task/keys.ts';
import { newClient } from './kit/client.ts';
import { ffmpegsIn } from './kit/processes.ts';
import { logged, startProgram, type RunningProgram } from './kit/program.ts';
import { startService } from './kit/service.ts';
import { until } from './kit/until.ts';
import { serveVideos } from './kit/video-server.ts';
import { sample } from './kit/videos.ts';

/** Large enough that its clips take some seconds each. */
const longSample = () => sample({ seconds: 45, width: 1280, height: 720 });

/** Promise 3 of the design: a step whose worker was killed runs elsewhere within so many milliseconds. */
const AGAIN_WITHIN_MS = 40_000;

test('of two workers one is killed in the middle of a clip: the other does that clip again, and only that', async (t) => {
  const videos = await serveVideos(t);
  const service = await startService(t, { workers: 0, env: { SOURCE_ALLOW: videos.allow } });
  const client = await newClient(service.url);
  const start = (name: string) => {
    const folder = path.join(service.settings.WORK_DIR, name);
    const env = { ...service.env, WORKER_SLOTS: '1', WORK_DIR: folder, LOG_LEVEL: 'info' };
    return { folder, program: startProgram(t, 'worker/main.ts', env) };
  };
  const [killed, other] = [start('killed'), start('other')];
  await Promise.all([logged(killed.program, /worker ready/), logged(other.program, /worker ready/)]);
  const { task_id: id } = await client.submit(videos.urlOf(await longSample()));

  const part = await until(async () => (await ffmpegsIn(killed.folder)).length > 0 && clipUnderWay(killed.program), {
    what: 'the worker that will be killed encodes a clip',
    timeout: 30_000,
  });
  const before = await client.wait(id, ({ parts }) => (parts[part - 1]?.progress ?? 0) > 0.05, 'the clip has begun');
  killed.program.kill('SIGKILL');
  const began = performance.now();
  assert.equal(await killed.program.ended, 'SIGKILL');
  await until(async () => (await ffmpegsIn(killed.folder)).length === 0, { what: 'FFmpeg is gone with its worker' });

  await client.wait(id, ({ parts }) => parts[part - 1]?.attempt === 2, 'the clip is begun again', AGAIN_WITHIN_MS);
  t.diagnostic(`begun again ${((performance.now() - began) / 1000).toFixed(1)} s after the kill`);
  const ended = await client.ended(id);
  assert.equal(ended.status, 'succeeded');
  assert.equal(before.parts[part - 1]?.attempt, 1);
  assert.deepEqual(
    ended.parts.map(({ attempt }) => attempt),
    ended.parts.map((one) => (one.part === part ? 2 : 1)),
    'only the clip that was lost was done again',
  );
  assert.deepEqual(
    (await service.storage.list(clipPrefix(id))).sort(),
    ended.parts.map((one) => clipKey(id, one.part, one.attempt)),
  );
});

/** Number of the clip that a worker's log has begun and not ended, or false. */
function clipUnderWay(worker: RunningProgram): number | false {
  const steps = worker.log().filter((line) => /^step (begins|ended)$/.test(String(line.msg)));
  const [, part] = /^clip (\d+)$/.exec(String(steps.at(-1)?.step)) ?? [];
  return steps.at(-1)?.msg === 'step begins' && part ? Number(part) : false;
}

test('DELETE while encoding: FFmpeg is gone within two seconds, and no clip appears later', async (t) => {
  const videos = await serveVideos(t);
  const service = await startService(t, { workers: 0, env: { SOURCE_ALLOW: videos.allow } });
  const client = await newClient(service.url);
  const worker = startProgram(t, 'worker/main.ts', { ...service.env, WORKER_SLOTS: '2', LOG_LEVEL: 'info' });
  const task = await client.submit(videos.urlOf(await longSample()));
  await until(async () => (await ffmpegsIn(service.settings.WORK_DIR)).length === 2, {
    what: 'two FFmpegs encode',
    timeout: 30_000,
  });

  const deleted = await client.ask<{ status: string }>('DELETE', `/tasks/${task.task_id}`);
  assert.equal(deleted.status, 200);
  assert.equal(deleted.body.status, 'cancelled');
  await until(async () => (await ffmpegsIn(service.settings.WORK_DIR)).length === 0, {
    what: 'no FFmpeg is left',
    timeout: 2_000,
  });
  // Both clips are over for the worker, so that nothing can appear any more.
  const over = () => worker.log().filter((line) => line.msg === 'step ended' && line.outcome === 'lost').length === 2;
  await until(over, { what: 'the worker has given up both clips' });
  const after = await client.read(task.task_id);
  assert.equal(after.status, 'cancelled');
  assert.deepEqual(after.clips, []);
  assert.deepEqual(await service.storage.list(clipPrefix(task.task_id)), []);
});

test('a worker told to stop gives its steps back at once, without counting the attempt', async (t) => {
  const videos = await serveVideos(t);
  const service = await startService(t, { workers: 0, env: { SOURCE_ALLOW: videos.allow } });
  const client = await newClient(service.url);
  const worker = startProgram(t, 'worker/main.ts', { ...service.env, WORKER_SLOTS: '2', LOG_LEVEL: 'info' });
  const task = await client.submit(videos.urlOf(await longSample()));
  await client.wait(task.task_id, ({ parts }) => parts.some((part) => part.progress > 0.05), 'a clip is under way');
  worker.kill('SIGTERM');
  assert.equal(await worker.ended, 0);
  assert.deepEqual(await ffmpegsIn(service.settings.WORK_DIR), []);
  const steps = await rows<{ state: string; attempt: number; tries: number }>(
    service.db,
    `select state, attempt, tries from steps where task_id = :id and kind = 'clip'`,
    { id: task.task_id },
  );
  assert.ok(steps.every((step) => step.state === 'waiting' || step.state === 'done'));
  const givenBack = steps.filter((step) => step.state === 'waiting' && step.attempt === 1);
  assert.ok(givenBack.length > 0, 'one was under way');
  for (const step of givenBack) assert.equal(step.tries, 0);
  startProgram(t, 'worker/main.ts', { ...service.env, WORKER_SLOTS: '2' });
  assert.equal((await client.ended(task.task_id)).status, 'succeeded');
});
