import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rows } from '../shared/db/connect.ts';
import { keepListening } from '../shared/db/listen.ts';
import { createLog } from '../shared/log.ts';
import { newClient } from './kit/client.ts';
import { follow } from './kit/events.ts';
import { startService } from './kit/service.ts';
import { newTask } from './kit/tasks.ts';
import { until } from './kit/until.ts';

const log = createLog('silent', 'test');

test('the database tells of the tasks of those who are followed, and of no others', async (t) => {
  const service = await startService(t, { workers: 0 });
  const heard: string[] = [];
  let open = false;
  const onNotification = (text: string) => void heard.push(text);
  const onOpen = () => (open = true);
  const listening = { channel: 'claqueta_changes', name: 'claqueta-test', onNotification, onOpen, log };
  const listener = keepListening(service.settings.DATABASE_URL ?? '', listening);
  t.after(() => listener.close());
  await until(() => open, { what: 'listening' });
  const [followed, other] = [await newClient(service.url), await newClient(service.url)];
  const { task_id: before } = await followed.submit('https://example.com/video.mp4');
  const stream = await follow(t, `${service.url}/events`, followed.token);
  await stream.next(({ event }) => event === 'ready', 'the stream is ready');
  const { task_id: theirs } = await other.submit('https://example.com/video.mp4');
  const { task_id: mine } = await followed.submit('https://example.com/video.mp4');
  await until(() => heard.some((text) => text.endsWith(mine)), { what: 'the task was told of' });
  assert.ok(!heard.some((text) => text.endsWith(theirs) || text.endsWith(before)));

  // Who is followed is written anew; nobody who left is.
  await rows(service.db, `update watched set until = clock_timestamp()`);
  const { task_id: late } = await followed.submit('https://example.com/video.mp4');
  await rows(service.db, `select pg_notify('claqueta_changes', 'the end')`);
  await until(() => heard.includes('the end'), { what: 'the last was heard' });
  assert.ok(!heard.some((text) => text.endsWith(late)));
});

test('what is being committed when following begins is told of as well', async (t) => {
  const service = await startService(t, { workers: 0 });
  const client = await newClient(service.url);
  const [owner] = await rows<{ id: string }>(service.db, 'select id from users');
  const id = await newTask(service.db, owner?.id ?? '');
  const trx = await service.db.transaction();
  await trx.raw(`update tasks set status = 'cancelled', finished_at = clock_timestamp()`);
  const streams = await Promise.all(
    [`/events`, `/tasks/${id}/events`].map((path) => follow(t, `${service.url}${path}`, client.token)),
  );
  await streams[0]?.next(({ event }) => event === 'ready', 'the stream is ready');
  await streams[1]?.next(({ event }) => event === 'snapshot', 'the task as it was');
  await trx.commit();
  for (const stream of streams) {
    await stream.next(({ data }) => data.task_id === id && data.status === 'cancelled', 'it was told of');
  }
});
