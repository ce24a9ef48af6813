import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { taskPrefixes } from '../shared/task/keys.ts';
import { newClient } from './kit/client.ts';
import { assertProblem } from './kit/problem.ts';
import { startService } from './kit/service.ts';
import { serveVideos } from './kit/video-server.ts';
import { sample } from './kit/videos.ts';

test('a video by address becomes clips that can be fetched whole or by range', async (t) => {
  const videos = await serveVideos(t);
  const service = await startService(t, { env: { SOURCE_ALLOW: videos.allow } });
  const client = await newClient(service.url);
  const submitted = await client.submit(videos.urlOf(await sample({ seconds: 45 })), { external_id: 'mine' });
  const task = await client.ended(submitted.task_id);

  assert.equal(task.status, 'succeeded');
  assert.equal(task.external_id, 'mine');
  assert.deepEqual(task.progress, { phase: 'ended', percent: 100, eta_seconds: 0 });
  assert.deepEqual(
    task.parts.map(({ start, end }) => [start, end]),
    [
      [0, 20],
      [20, 40],
      [40, 45],
    ],
  );
  assert.deepEqual(
    task.clips.map((clip) => clip.seconds),
    [22, 22, 7],
  );
  const [clip] = task.clips;
  assert.ok(clip);
  const whole = await fetch(clip.url);
  assert.equal(whole.headers.get('content-type'), 'video/mp4');
  const bytes = Buffer.from(await whole.arrayBuffer());
  assert.equal(bytes.length, clip.bytes);
  assert.equal(createHash('sha256').update(bytes).digest('hex'), clip.sha256);

  const range = await fetch(clip.url, { headers: { range: 'bytes=100-199' } });
  assert.equal(range.status, 206);
  assert.equal(range.headers.get('content-range'), `bytes 100-199/${clip.bytes}`);
  assert.deepEqual(Buffer.from(await range.arrayBuffer()), bytes.subarray(100, 200));
  assert.equal((await fetch(clip.url, { headers: { range: `bytes=${clip.bytes}-` } })).status, 416);
  assert.equal((await fetch(clip.url, { method: 'HEAD' })).headers.get('content-length'), String(clip.bytes));

  const forged = new URL(clip.url);
  forged.pathname = forged.pathname.replace('0001', '0002');
  assert.equal((await fetch(forged)).status, 403);
  const late = new URL(clip.url);
  late.searchParams.set('expires', String(Number(late.searchParams.get('expires')) + 1));
  assert.equal((await fetch(late)).status, 403);

  // Whoever wants to abort it and comes too late loses nothing.
  const tooLate = await client.ask('DELETE', `/tasks/${task.task_id}?if=unfinished`);
  assertProblem(tooLate, 409, 'already_final');
  assert.equal((await fetch(clip.url)).status, 200);
  const removed = await client.ask('DELETE', `/tasks/${task.task_id}`);
  assert.equal(removed.status, 204);
  assert.equal((await fetch(clip.url)).status, 404);
  for (const prefix of taskPrefixes(task.task_id)) assert.deepEqual(await service.storage.list(prefix), []);
});

test('an uploaded video becomes the one silent clip of its profile', async (t) => {
  const service = await startService(t);
  const client = await newClient(service.url);
  const uploaded = await client.upload(await sample({ seconds: 45 }), { profile: 'anb', external_id: 'upload' });
  assert.equal(uploaded.status, 201);
  const task = await client.ended(uploaded.body.task_id);
  assert.equal(task.status, 'succeeded');
  assert.equal(task.source.kind, 'upload');
  const [clip, ...others] = task.clips;
  assert.deepEqual(others, []);
  assert.deepEqual([clip?.width, clip?.height, clip?.seconds, clip?.has_sound], [1280, 720, 35, false]);
});

test('a task aborted before its clips are made is retried, and does only what is missing', async (t) => {
  const videos = await serveVideos(t);
  const service = await startService(t, { env: { SOURCE_ALLOW: videos.allow, WORKER_SLOTS: '1' } });
  const client = await newClient(service.url);
  const { task_id: id } = await client.submit(videos.urlOf(await sample({ seconds: 45 })));
  await client.wait(id, ({ parts }) => parts.some((part) => part.state === 'done'), 'a clip is done');
  assert.equal((await client.ask('DELETE', `/tasks/${id}`)).status, 200);
  const retried = await client.ask<{ status: string }>('POST', `/tasks/${id}/retry`);
  assert.equal(retried.status, 200);
  assert.equal(retried.body.status, 'running');
  const task = await client.ended(id);
  assert.equal(task.status, 'succeeded');
  assert.equal(task.parts[0]?.attempt, 1);
  assert.equal((await client.ask('POST', `/tasks/${id}/retry`)).status, 409);
});

test('another owner is served between the steps of one who has many', async (t) => {
  const videos = await serveVideos(t);
  const service = await startService(t, { env: { SOURCE_ALLOW: videos.allow, WORKER_SLOTS: '1' } });
  const [busy, other] = [await newClient(service.url), await newClient(service.url)];
  const url = videos.urlOf(await sample({ seconds: 2 }));
  const many = [];
  for (let task = 0; task < 12; task++) many.push(await busy.submit(url));
  const one = await other.submit(url);
  await other.ended(one.task_id);
  const last = many.at(-1);
  assert.ok(last);
  assert.notEqual((await busy.read(last.task_id)).status, 'succeeded');
});
