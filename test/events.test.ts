import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newClient } from './kit/client.ts';
import { follow } from './kit/events.ts';
import { startService } from './kit/service.ts';
import { claim, clipOf, newTask, plannedTask } from './kit/tasks.ts';
import { finishClip } from '../shared/task/finish.ts';
import { renewLeases } from '../shared/task/renew.ts';
import { rows } from '../shared/db/connect.ts';
import { until } from './kit/until.ts';
import { serveVideos } from './kit/video-server.ts';
import { sample } from './kit/videos.ts';
import { startWeb } from '../web/start.ts';

test('a task can be followed from its start to its end, without ever asking for it', async (t) => {
  const videos = await serveVideos(t);
  const service = await startService(t, { env: { SOURCE_ALLOW: videos.allow } });
  const client = await newClient(service.url);
  const list = await follow(t, `${service.url}/events`, client.token);
  await list.next(({ event }) => event === 'ready', 'the stream is ready');
  const { task_id: id } = await client.submit(videos.urlOf(await sample({ seconds: 25 })));
  const one = await follow(t, `${service.url}/tasks/${id}/events`, client.token);
  const ended = await list.next(
    ({ data }) => data.task_id === id && data.status === 'succeeded',
    'it succeeded',
    60_000,
  );
  assert.deepEqual([ended.data.parts, ended.data.parts_done], [2, 2]);
  assert.deepEqual(ended.data.progress, { phase: 'ended', percent: 100, eta_seconds: 0 });
  await one.next(({ event, data }) => event === 'task' && data.status === 'succeeded', 'it succeeded here too');

  assert.equal(one.events[0]?.event, 'snapshot');
  const clips = await until(() => one.events.filter(({ event }) => event === 'clip').length === 2 && one.events, {
    what: 'both clips were told of',
  });
  for (const { data } of clips.filter(({ event }) => event === 'clip')) {
    assert.equal((await fetch(String(data.url))).status, 200);
  }
  const read = await client.read(id);
  for (const part of read.parts) {
    const told = one.events.filter(({ event, data }) => event === 'part' && data.part === part.part);
    assert.deepEqual(told.at(-1)?.data, part, 'what was told last is what is');
  }
  await client.ask('DELETE', `/tasks/${id}`);
  await list.next(({ event, data }) => event === 'removed' && data.task_id === id, 'its removal was told');
  await until(() => one.ended, { what: 'the stream of a task that is gone has ended' });
});

test('another web instance tells of a change, another owner is told nothing', async (t) => {
  const service = await startService(t, { workers: 0 });
  const elsewhere = await startWeb({ ...service.parts, settings: { ...service.settings, PORT: 0 } });
  t.after(() => elsewhere.stop());
  const [client, other] = [await newClient(service.url), await newClient(service.url)];
  const mine = await follow(t, `${elsewhere.url}/events`, client.token);
  const theirs = await follow(t, `${elsewhere.url}/events`, other.token);
  await theirs.next(({ event }) => event === 'ready', 'the stream is ready');
  const { task_id: id } = await client.submit('https://example.com/video.mp4');
  await mine.next(({ event, data }) => event === 'task' && data.task_id === id, 'the task was told of');
  assert.equal((await follow(t, `${service.url}/tasks/${id}/events`, other.token)).status, 404);
  await client.ask('DELETE', `/tasks/${id}`);
  await mine.next(({ data }) => data.status === 'cancelled', 'the abort was told of');
  assert.deepEqual(
    theirs.events.filter(({ event }) => event !== 'ready'),
    [],
  );
});

test('whoever comes again is told what ended meanwhile', async (t) => {
  const service = await startService(t, { workers: 0 });
  const client = await newClient(service.url);
  const { task_id: id } = await client.submit('https://example.com/video.mp4');
  const before = await follow(t, `${service.url}/events`, client.token);
  const last = await before.next(({ data }) => data.task_id === id, 'the task was told of');
  before.close();
  await client.ask('DELETE', `/tasks/${id}`);
  const again = await follow(t, `${service.url}/events`, client.token, { 'last-event-id': last.id });
  const told = await again.next(({ data }) => data.task_id === id, 'what was missed');
  assert.equal(told.data.status, 'cancelled');
  const fresh = await follow(t, `${service.url}/events`, client.token);
  await fresh.next(({ event }) => event === 'ready', 'the stream is ready');
  assert.deepEqual(
    fresh.events.map(({ event }) => event),
    ['ready'],
    'one that is new has missed nothing',
  );
});

test('when the connection that listens breaks, what changed meanwhile is told', async (t) => {
  const service = await startService(t, { workers: 0 });
  const client = await newClient(service.url);
  const stream = await follow(t, `${service.url}/events`, client.token);
  await stream.next(({ event }) => event === 'ready', 'the stream is ready');
  const [cut] = await rows<{ cut: boolean }>(
    service.db,
    `select pg_terminate_backend(pid) as cut from pg_stat_activity
     where application_name = 'claqueta-changes' and datname = current_database()`,
  );
  assert.equal(cut?.cut, true);
  const { task_id: id } = await client.submit('https://example.com/video.mp4');
  await stream.next(({ data }) => data.task_id === id, 'the task was told of all the same');
});

test('of many tasks only some are read at once, and all are told', async (t) => {
  const service = await startService(t, { workers: 0 });
  const client = await newClient(service.url);
  const [owner] = await rows<{ id: string }>(service.db, 'select id from users');
  const ids = await Promise.all(Array.from({ length: 45 }, () => newTask(service.db, owner?.id ?? '')));
  const read: number[] = [];
  service.db.on('query', ({ sql, bindings }: { sql: string; bindings: string[] }) => {
    if (/from steps where task_id in/.test(sql)) read.push((JSON.parse(bindings[0] ?? '') as string[]).length);
  });
  const list = await follow(t, `${service.url}/events`, client.token);
  await list.next(({ event }) => event === 'ready', 'all tasks were told');
  const told = list.events.filter(({ event }) => event === 'task').map(({ data }) => data.task_id);
  assert.deepEqual(told.toSorted(), ids.toSorted());
  assert.ok(read.length >= 3 && read.every((count) => count <= 20), `read at once: ${read.join(', ')}`);
});

test('progress is told part by part, and only what changed', async (t) => {
  const service = await startService(t, { workers: 0 });
  const client = await newClient(service.url);
  const [owner] = await rows<{ id: string }>(service.db, `select id from users`);
  const id = await plannedTask(service.db, owner?.id ?? '', 360);
  await service.db.raw('update tasks set media = null');
  const stream = await follow(t, `${service.url}/tasks/${id}/events`, client.token);
  const first = await stream.next(({ event }) => event === 'snapshot', 'the whole task');
  assert.equal((first.data.parts as unknown[]).length, 360);
  const lease = await claim(service.db);
  await renewLeases(service.db, [{ lease, progress: 0.5 }], 20);
  const half = await stream.next(({ event, data }) => event === 'part' && data.progress === 0.5, 'half of a part');
  assert.equal(half.data.part, 1);
  await finishClip(service.db, lease, clipOf(lease));
  await stream.next(({ event, data }) => event === 'clip' && data.part === 1, 'its clip');
  const parts = new Set(stream.events.filter(({ event }) => event === 'part').map(({ data }) => data.part));
  assert.deepEqual([...parts], [1]);
});

test('streams end when web stops, and too many of one account are refused', async (t) => {
  const service = await startService(t, { workers: 0 });
  const web = await startWeb({ ...service.parts, settings: { ...service.settings, PORT: 0 } });
  const client = await newClient(service.url);
  const streams = await Promise.all(Array.from({ length: 50 }, () => follow(t, `${web.url}/events`, client.token)));
  assert.ok(streams.every(({ status }) => status === 200));
  const refused = await fetch(`${web.url}/events`, { headers: { authorization: `Bearer ${client.token}` } });
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get('retry-after'), '10');
  await refused.text();
  await web.stop();
  await until(() => streams.every(({ ended }) => ended), { what: 'all streams have ended', timeout: 2_000 });
});
