import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rows } from '../shared/db/connect.ts';
import type { Media } from '../shared/task/media.ts';
import type { Profile } from '../shared/task/profile.ts';
import { warning } from '../shared/task/warnings.ts';
import { newClient, type Client, type TaskView } from './kit/client.ts';
import { commandLine } from './kit/command-line.ts';
import { startService, type Service } from './kit/service.ts';
import { sample } from './kit/videos.ts';

const URL_OF_VIDEO = 'https://example.com/video.mp4';
const warnings = [warning('source_truncated'), warning('audio_undecodable', 'It is in ac4.')];
const video = {
  ...{ index: 0, codec: 'hevc', width: 1920, height: 1080, rotation: 0, pixel_aspect: 1, fps: 30 },
  ...{ pixel_format: 'yuv420p10le', color_space: 'bt2020nc' },
};
const media: Media = { container: 'mov,mp4', bytes: 1000, starts_at: 0, seconds: 8, video, audio: null };

test('what was left out of a video is told by the API, to webhooks and on the command line', async (t) => {
  const service = await startService(t, { workers: 0, env: { WEBHOOKS_AT_ONCE: '0' } });
  const client = await newClient(service.url);
  const submit = (of = client) => of.submit(URL_OF_VIDEO, { callback_url: 'https://example.com/told' });

  await t.test('a task that has none says so, also where its source was probed before there were any', async () => {
    const { task_id: id, warnings: none, media: unknown } = await submit();
    assert.deepEqual([none, unknown], [[], null]);
    await ingested(service, id, media);
    assert.deepEqual((await client.read(id)).warnings, []);
    assert.deepEqual(await told(service, client, id), []);
  });

  await t.test('they stand in the task, and in what is sent of its end', async () => {
    const { task_id: id } = await submit();
    await ingested(service, id, { ...media, warnings, video: { ...video, hdr: 'hlg' } });
    const task = await client.read(id);
    assert.deepEqual(task.warnings, warnings);
    assert.equal(task.media?.video.hdr, 'hlg');
    assert.deepEqual(await told(service, client, id), warnings);
  });

  await t.test('the command line prints them beside the clips, and says what to do with what is cut off', async (t) => {
    const { claqueta, account } = await commandLine(t, service);
    assert.equal((await claqueta('login', '--url', service.url, '--email', account.email)).code, 0);
    const submitted = await claqueta('submit', URL_OF_VIDEO, '--on-truncated', 'refuse');
    assert.equal(submitted.code, 0, submitted.err);
    const id = submitted.out.trim();
    assert.equal((await copyOf(service, id)).on_truncated, 'refuse');
    await ingested(service, id, { ...media, warnings });
    const { out, err } = await claqueta('status', id);
    assert.equal(out, '');
    for (const { message } of warnings) assert.ok(err.includes(`warning: ${message}\n`), err);
    const wrong = await claqueta('submit', URL_OF_VIDEO, '--on-truncated', 'perhaps');
    assert.deepEqual([wrong.code, wrong.err], [2, '--on-truncated is one of make, refuse.\n']);
  });
});

test('what becomes of a video that is cut off is said by its profile, or for one task', async (t) => {
  const service = await startService(t, { workers: 0 });
  const client = await newClient(service.url);
  const ofTask = async (task: TaskView) => (await copyOf(service, task.task_id)).on_truncated;

  await t.test('in JSON, in a form and in a replay', async () => {
    assert.equal(await ofTask(await client.submit(URL_OF_VIDEO)), 'make');
    assert.equal(await ofTask(await client.submit(URL_OF_VIDEO, { on_truncated: 'refuse' })), 'refuse');
    const { body: uploaded } = await client.upload(await sample({ seconds: 1 }), { on_truncated: 'refuse' });
    assert.equal(await ofTask(uploaded), 'refuse');
    await client.ask('DELETE', `/tasks/${uploaded.task_id}`);
    const replay = async (body: object) =>
      ofTask((await client.ask<TaskView>('POST', `/tasks/${uploaded.task_id}/replay`, body)).body);
    assert.equal(await replay({}), 'refuse', 'as the task was made');
    assert.equal(await replay({ on_truncated: 'make' }), 'make');
    const wrong = await client.ask('POST', '/tasks', { url: URL_OF_VIDEO, on_truncated: 'perhaps' });
    assert.equal(wrong.status, 400);
  });

  await t.test('by a profile of its own, with a loudness that broadcasters or streaming services ask for', async () => {
    const own = { ...small, name: 'strict', on_truncated: 'refuse' };
    assert.equal(await ofTask(await client.submit(URL_OF_VIDEO, { profile: own })), 'refuse');
    assert.equal(await ofTask(await client.submit(URL_OF_VIDEO, { profile: own, on_truncated: 'make' })), 'make');
    const put = (loudness: unknown) =>
      client.ask<Profile>('PUT', '/profiles/loud', { ...small, audio: { ...small.audio, loudness } });
    for (const loudness of [-14, -16, -23, null]) assert.equal((await put(loudness)).body.audio?.loudness, loudness);
    for (const wrong of [-15, 0, '-14']) assert.equal((await put(wrong)).status, 400);
  });

  await t.test('a profile that was kept before it could say so means what it meant then', async () => {
    assert.equal((await client.ask('PUT', '/profiles/before', small)).status, 200);
    await service.db.raw(`update profiles set profile = (profile - 'on_truncated') #- '{audio,loudness}'`);
    const { body } = await client.ask<Profile>('GET', '/profiles/before');
    assert.deepEqual([body.on_truncated, body.audio?.loudness], ['make', null]);
    assert.equal(await ofTask(await client.submit(URL_OF_VIDEO, { profile: 'before' })), 'make');
  });
});

/** As if a worker had looked at the source. */
async function ingested(service: Service, id: string, seen: Media): Promise<void> {
  await service.db.raw('update tasks set media = ? where id = ?', [JSON.stringify(seen), id]);
}

/** The warnings in what is sent when the task ends, which it does now. */
async function told(service: Service, client: Client, id: string) {
  await client.ask('DELETE', `/tasks/${id}`);
  const [sent] = await rows<{ body: string }>(service.db, 'select body from deliveries where task_id = :id', { id });
  return (JSON.parse(sent?.body ?? '{}') as { task?: { warnings?: unknown } }).task?.warnings;
}

async function copyOf(service: Service, id: string): Promise<Profile> {
  const [task] = await rows<{ profile: Profile }>(service.db, 'select profile from tasks where id = :id', { id });
  assert.ok(task);
  return task.profile;
}

const small = {
  ...{ title: 'Small', description: 'For previews.', part_seconds: 10, first_seconds: 5, fps: 12 },
  frame: { fit: 'pad', width: 160, height: 90 },
  video: { codec: 'h264', preset: 'ultrafast', crf: 30 },
  audio: { codec: 'aac', kbps: 96, sample_rate: 48000, channels: 2 },
  ...{ bumper: null, watermark: null },
};
