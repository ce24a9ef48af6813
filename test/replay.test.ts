import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rows } from '../shared/db/connect.ts';
import { newClient, type TaskView } from './kit/client.ts';
import { startService } from './kit/service.ts';
import { sample } from './kit/videos.ts';

test('the video of a task that has ended is made into another, and each can go without the other', async (t) => {
  const service = await startService(t);
  const client = await newClient(service.url);
  const { body: submitted } = await client.upload(await sample({ seconds: 2 }), { profile: 'idrl' });
  const first = await client.ended(submitted.task_id);
  const replay = (body: object, key = '') =>
    client.ask<TaskView>('POST', `/tasks/${first.task_id}/replay`, body, key ? { 'Idempotency-Key': key } : {});

  const { status, body: made, headers } = await replay({ profile: 'anb', external_id: 'again' }, 'a-key');
  assert.equal(status, 201);
  assert.equal(headers.get('location'), `/tasks/${made.task_id}`);
  assert.notEqual(made.task_id, first.task_id);
  assert.equal((await replay({ profile: 'anb', external_id: 'again' }, 'a-key')).body.task_id, made.task_id);
  assert.equal((await replay({ profile: 'idrl', external_id: 'again' }, 'a-key')).status, 422);
  assert.equal((await client.ask('DELETE', `/tasks/${first.task_id}`)).status, 204);
  assert.equal((await replay({})).status, 404);

  const second = await client.ended(made.task_id);
  assert.deepEqual([second.status, second.profile, second.external_id], ['succeeded', 'anb', 'again']);
  assert.deepEqual(second.source, first.source);
  assert.equal(second.media?.bytes, first.media?.bytes);
  // The copies of the requests that came to nothing are to be removed.
  const due = await rows(service.db, "select from removals where due_at > now() + interval '1 minute'");
  assert.equal(due.length, 0);
});

test('what has not ended, or was never stored, is not replayed, and the quota holds', async (t) => {
  const service = await startService(t, { workers: 0, env: { TASKS_PER_OWNER: '1' } });
  const client = await newClient(service.url);
  const { task_id: id } = await client.submit('https://example.com/video.mp4');
  const replay = () => client.ask<{ code: string }>('POST', `/tasks/${id}/replay`, {});
  assert.deepEqual([(await replay()).status, (await replay()).body.code], [409, 'not_replayable']);
  await client.ask('DELETE', `/tasks/${id}`);
  assert.deepEqual([(await replay()).status, (await replay()).body.code], [409, 'no_source']);
  const { body: uploaded } = await client.upload(await sample({ seconds: 2 }));
  await client.ask('DELETE', `/tasks/${uploaded.task_id}`);
  await client.submit('https://example.com/video.mp4');
  const over = await client.ask<{ code: string }>('POST', `/tasks/${uploaded.task_id}/replay`, {});
  assert.deepEqual([over.status, over.body.code], [429, 'too_many_tasks']);
});
