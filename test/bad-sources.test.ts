import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { taskPrefixes } from '../shared/task/keys.ts';
import { newClient, type Client, type TaskView } from './kit/client.ts';
import { startService, type Service } from './kit/service.ts';
import { until } from './kit/until.ts';
import { serveVideos, type VideoServer } from './kit/video-server.ts';
import { altered, sample } from './kit/videos.ts';

/** Nothing of a failed source stays, neither in storage nor on the worker. */
async function assertNothingLeft({ storage, settings }: Service, task: TaskView): Promise<void> {
  for (const prefix of taskPrefixes(task.task_id)) assert.deepEqual(await storage.list(prefix), []);
  const [worker] = await readdir(settings.WORK_DIR);
  await until(
    async () => {
      const below = await readdir(path.join(settings.WORK_DIR, worker ?? ''), { recursive: true });
      return below.every((name) => name === 'sources');
    },
    { what: 'the worker has cleared up' },
  );
}

async function failing(client: Client, url: string, code: string): Promise<TaskView> {
  const task = await client.ended((await client.submit(url, { on_truncated: 'refuse' })).task_id);
  assert.equal(task.status, 'failed');
  assert.equal(task.error?.code, code);
  assert.equal(task.error.phase, 'ingest');
  assert.match(task.error.message, /\.$/, 'a sentence for the owner');
  assert.deepEqual(task.clips, []);
  return task;
}

const html = (server: VideoServer) =>
  server.answering('page.mp4', (_request, response) => {
    response.writeHead(200, { 'content-type': 'video/mp4' }).end('<!doctype html><title>Not a video</title>');
  });
const empty = (server: VideoServer) =>
  server.answering('empty.mp4', (_request, response) => response.writeHead(200).end());
const truncated = async (server: VideoServer) => {
  const whole = await sample({ seconds: 30, options: ['-movflags', '+faststart'] });
  return server.urlOf(await altered('half', [whole], (bytes = Buffer.alloc(0)) => bytes.subarray(0, bytes.length / 2)));
};
/** What a stream begins with, without anything of the stream. */
const beginningOnly = async (server: VideoServer) => {
  const fragments = ['-movflags', '+frag_keyframe+empty_moov+default_base_moof'];
  const whole = await sample({ seconds: 1, sound: 'none', options: fragments });
  const beginning = await altered('beginning', [whole], (bytes = Buffer.alloc(0)) =>
    bytes.subarray(0, bytes.indexOf('moof') - 4),
  );
  return server.urlOf(beginning);
};

test('a bad source ends in an error that says what to do, and leaves nothing behind', async (t) => {
  const videos = await serveVideos(t);
  const service = await startService(t, {
    env: { SOURCE_ALLOW: videos.allow, STEP_TRIES: '1', SOURCE_MAX_SECONDS: '40', SOURCE_MAX_BYTES: '20000000' },
  });
  const client = await newClient(service.url);
  const long = await sample({ seconds: 45 });
  const cases: [string, string, string][] = [
    ['HTML named .mp4', html(videos), 'source_not_video'],
    ['an empty file', empty(videos), 'source_empty'],
    ['404', videos.answering('gone.mp4', (_request, response) => response.writeHead(404).end()), 'source_not_found'],
    ['403', videos.answering('secret.mp4', (_request, response) => response.writeHead(403).end()), 'source_denied'],
    [
      'a server in trouble',
      videos.answering('503.mp4', (_request, response) => response.writeHead(503).end()),
      'source_unreachable',
    ],
    ['a file cut off in the middle, where that is to be refused', await truncated(videos), 'source_truncated'],
    ['the beginning of a stream without the rest', await beginningOnly(videos), 'source_no_picture'],
    ['a video that is too long', videos.urlOf(long), 'source_too_long'],
    ['a file that is too large', tooLarge(videos), 'source_too_large'],
    ['a redirect to a private address', redirect(videos), 'source_refused'],
  ];
  for (const [what, url, code] of cases) {
    await t.test(`${what} is ${code}`, async () => assertNothingLeft(service, await failing(client, url, code)));
  }
});

const tooLarge = (server: VideoServer) =>
  server.answering('large.mp4', (_request, response) => {
    response.writeHead(200, { 'content-length': 30_000_000 }).write(Buffer.alloc(1000));
  });
const redirect = (server: VideoServer) =>
  server.answering('moved.mp4', (_request, response) => {
    response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end();
  });

test('a host that does not exist is an error of the source', async (t) => {
  const service = await startService(t, { env: { STEP_TRIES: '1' } });
  const client = await newClient(service.url);
  const task = await client.ended((await client.submit('https://no-such-host.example.com/video.mp4')).task_id);
  assert.ok(['source_unreachable', 'source_not_found', 'source_refused'].includes(String(task.error?.code)));
  await assertNothingLeft(service, task);
});

test('a server that stalls ends in a time-out', async (t) => {
  const videos = await serveVideos(t);
  const service = await startService(t, {
    env: { SOURCE_ALLOW: videos.allow, STEP_TRIES: '1', FETCH_SECONDS: '1' },
  });
  const client = await newClient(service.url);
  const url = videos.answering('slow.mp4', (_request, response) => {
    response.writeHead(200, { 'content-length': 1_000_000 }).write(Buffer.alloc(1000));
  });
  await assertNothingLeft(service, await failing(client, url, 'source_timeout'));
});

test('a source that could not be had is tried again, and then the task succeeds', async (t) => {
  const videos = await serveVideos(t);
  const service = await startService(t, { env: { SOURCE_ALLOW: videos.allow } });
  const client = await newClient(service.url);
  const good = videos.urlOf(await sample({ seconds: 2 }));
  let asked = 0;
  const url = videos.answering('at-last.mp4', (_request, response) => {
    asked++;
    response.writeHead(asked === 1 ? 503 : 302, { location: good }).end();
  });
  const task = await client.ended((await client.submit(url)).task_id);
  assert.equal(task.status, 'succeeded');
  assert.equal(task.error, null);
});

test('a download that breaks off goes on, from an address as a person writes it', async (t) => {
  const videos = await serveVideos(t);
  // Were the step tried again, the task would fail.
  const service = await startService(t, { env: { SOURCE_ALLOW: videos.allow, STEP_TRIES: '1' } });
  const client = await newClient(service.url);
  const bytes = await readFile(await sample({ seconds: 2 }));
  const etag = '"first"';
  let asked = 0;
  videos.answering('mi%20v%C3%ADdeo.mp4', ({ headers: { range } }, response) => {
    asked++;
    const from = Number(/\d+/.exec(range ?? '0')?.[0]);
    const head = { etag, 'content-length': bytes.length - from };
    if (range)
      response.writeHead(206, { ...head, 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` });
    else response.writeHead(200, head);
    if (asked > 1) response.end(bytes.subarray(from));
    else response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
  });
  const url = `http://${videos.allow}/mi vídeo.mp4`;
  const task = await client.ended((await client.submit(` ${url}\n`)).task_id);
  assert.equal(task.error, null);
  assert.equal(task.status, 'succeeded');
  assert.equal(task.source.url, url);
  assert.equal(task.media?.bytes, bytes.length);
  assert.equal(asked, 2);
});
