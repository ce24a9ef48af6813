import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rows } from '../shared/db/connect.ts';
import { clipKey, clipPrefix } from '../shared/task/keys.ts';
import { newClient } from './kit/client.ts';
import { ffmpegsIn } from './kit/processes.ts';
import { logged, startProgram } from './kit/program.ts';
import { startService } from './kit/service.ts';
import { until } from './kit/until.ts';
import { serveVideos } from './kit/video-server.ts';
import { sample } from './kit/videos.ts';

/** Large enough that its clips take some seconds each. */
const longSample = () => sample({ seconds: 45, width: 1280, height: 720 });

const SLOW = { WORKER_SLOTS: '1', LEASE_SECONDS: '5' };

test('a worker killed in the middle of a clip: another does that clip again, and only that', async (t) => {
  const videos = await serveVideos(t);
  const service = await startService(t, { workers: 0, env: { SOURCE_ALLOW: videos.allow } });
  const client = await newClient(service.url);
  const first = startProgram(t, 'worker/main.ts', { ...service.env, ...SLOW, LOG_LEVEL: 'info' });
  await logged(first, /worker ready/);
  const task = await client.submit(videos.urlOf(await longSample()));
  const busy = await client.wait(
    task.task_id,
    ({ parts }) =>
      parts.some((part) => part.state === 'done') &&
      parts.some((part) => part.state === 'leased' && part.progress > 0.1),
    'one clip is done and the next is under way',
  );
  const done = busy.parts.filter((part) => part.state === 'done').map((part) => part.part);
  const [killed] = busy.parts.filter((part) => part.state === 'leased').map((part) => part.part);

  first.kill('SIGKILL');
  assert.equal(await first.ended, 'SIGKILL');
  await until(async () => (await ffmpegsIn(service.settings.WORK_DIR)).length === 0, {
    what: 'FFmpeg is gone with its worker',
    timeout: 1_000,
  });
  const second = startProgram(t, 'worker/main.ts', { ...service.env, ...SLOW, LOG_LEVEL: 'info' });
  const ended = await client.ended(task.task_id);
  assert.equal(ended.status, 'succeeded');
  const attempts = new Map(ended.parts.map((part) => [part.part, part.attempt]));
  for (const part of done) assert.equal(attempts.get(part), 1, `part ${part} was done before`);
  assert.equal(attempts.get(killed ?? 0), 2);
  assert.deepEqual(
    (await service.storage.list(clipPrefix(task.task_id))).sort(),
    ended.parts.map((part) => clipKey(task.task_id, part.part, part.attempt)),
  );
  second.kill('SIGTERM');
  assert.equal(await second.ended, 0);
});

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
  await logged(worker, /aborted/);
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
  const steps = await rows<{ state: string; tries: number }>(
    service.db,
    `select state, tries from steps where task_id = :id and kind = 'clip'`,
    { id: task.task_id },
  );
  for (const step of steps) assert.deepEqual(step.state === 'waiting' ? step.tries : 0, 0);
  assert.ok(steps.some((step) => step.state === 'waiting'));
  startProgram(t, 'worker/main.ts', { ...service.env, WORKER_SLOTS: '2' });
  assert.equal((await client.ended(task.task_id)).status, 'succeeded');
});
