import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newClient, type TaskView } from './kit/client.ts';
import { startService } from './kit/service.ts';
import { sample } from './kit/videos.ts';

const small = {
  title: 'Small and silent',
  description: 'For previews.',
  part_seconds: 10,
  first_seconds: 5,
  frame: { fit: 'pad', width: 160, height: 90 },
  fps: 12,
  video: { codec: 'h264', preset: 'ultrafast', crf: 30 },
  audio: null,
  bumper: null,
  watermark: null,
};

interface Shown {
  name: string;
  own: boolean;
}

test('an owner makes clips by a profile of their own, kept or brought along', async (t) => {
  const service = await startService(t);
  const [client, other] = [await newClient(service.url), await newClient(service.url)];
  assert.equal((await client.ask('PUT', '/profiles/preview', small)).status, 200);
  const names = async (of: typeof client) =>
    (await of.ask<Shown[]>('GET', '/profiles')).body.filter(({ own }) => own).map(({ name }) => name);
  assert.deepEqual(await names(client), ['preview']);
  assert.deepEqual(await names(other), []);

  const { body: submitted } = await client.upload(await sample({ seconds: 2 }), { profile: 'preview' });
  // The task has its own copy.
  assert.equal((await client.ask('DELETE', '/profiles/preview')).status, 204);
  const task = await client.ended(submitted.task_id);
  assert.deepEqual([task.status, task.profile], ['succeeded', 'preview']);
  assert.deepEqual(
    task.clips.map(({ width, height, frames, has_sound: sound }) => [width, height, frames, sound]),
    [[160, 90, 24, false]],
  );

  const same = await client.ask<TaskView>('POST', `/tasks/${task.task_id}/replay`, {});
  assert.equal(same.body.profile, 'preview', 'without naming it, and though it is kept no more');
  assert.equal((await client.ended(same.body.task_id)).clips[0]?.width, 160);

  const inline = { ...small, name: 'once', frame: { fit: 'pad', width: 320, height: 180 } };
  const replayed = await client.ask<TaskView>('POST', `/tasks/${task.task_id}/replay`, { profile: inline });
  assert.equal(replayed.status, 201);
  const again = await client.ended(replayed.body.task_id);
  assert.deepEqual([again.profile, again.clips[0]?.width], ['once', 320]);
  assert.deepEqual(await names(client), []);
});

test('a profile that would cost too much, takes a known name or names another picture is refused', async (t) => {
  const service = await startService(t, { workers: 0 });
  const client = await newClient(service.url);
  const url = 'https://example.com/video.mp4';
  const wrong: Record<string, object> = {
    'a part of a second': { part_seconds: 1 },
    'a frame of 8K': { frame: { fit: 'crop', max_width: 7680, max_height: 4320 } },
    'a frame of nothing': { frame: { fit: 'pad', width: 0, height: -2 } },
    '120 pictures a second': { fps: 120 },
    'no loss': { video: { codec: 'h264', preset: 'slow', crf: 0 } },
    'a part of ten minutes at 1080p': { part_seconds: 600, frame: { fit: 'pad', width: 1920, height: 1080 }, fps: 24 },
    'the most of everything': {
      frame: { fit: 'pad', width: 3840, height: 3840 },
      fps: 60,
      video: { codec: 'h264', preset: 'slow', crf: 12 },
    },
    'another picture': { bumper: { image: 'passwd.png', seconds: 1 } },
    'a minute of bumper': { bumper: { image: 'bumper.png', seconds: 30 } },
    'what nobody knows': { shell: 'rm' },
  };
  for (const [what, change] of Object.entries(wrong)) {
    assert.equal((await client.ask('PUT', '/profiles/mine', { ...small, ...change })).status, 400, what);
    const body = { url, profile: { ...small, name: 'mine', ...change } };
    assert.equal((await client.ask('POST', '/tasks', body)).status, 400, what);
  }
  assert.equal((await client.ask('PUT', '/profiles/idrl', small)).status, 409);
  assert.equal((await client.ask('POST', '/tasks', { url, profile: { ...small, name: 'idrl' } })).status, 400);
  assert.equal((await client.ask('PUT', '/profiles/Not%20a%20name', small)).status, 404);
  const put = (index: number) => client.ask('PUT', `/profiles/p${index}`, small);
  const statuses = (await Promise.all(Array.from({ length: 22 }, (_, index) => put(index)))).map(
    ({ status }) => status,
  );
  assert.deepEqual(
    [statuses.filter((status) => status === 200).length, statuses.filter((one) => one === 409).length],
    [20, 2],
  );
  const kept = statuses.indexOf(200);
  assert.equal((await put(kept)).status, 200, 'one that is there can be changed');
});
