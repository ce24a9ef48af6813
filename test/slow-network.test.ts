import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { newClient } from './kit/client.ts';
import { startService } from './kit/service.ts';
import { until } from './kit/until.ts';
import { serveVideos } from './kit/video-server.ts';
import { sample } from './kit/videos.ts';

test('a download that dawdles does not hold up the clips of others, not even in the only slot', async (t) => {
  const videos = await serveVideos(t);
  const service = await startService(t, { workers: 1, env: { SOURCE_ALLOW: videos.allow, WORKER_SLOTS: '1' } });
  const client = await newClient(service.url);
  const file = await sample({ seconds: 4 });
  const bytes = await readFile(file);
  let dawdling: ServerResponse | undefined;
  const slow = videos.answering('slow.mp4', (_request, response) => {
    response.writeHead(200, { 'content-length': bytes.length }).write(bytes.subarray(0, 1000));
    dawdling = response;
  });

  const { task_id: first } = await client.submit(slow);
  await until(() => dawdling !== undefined, { what: 'the download has begun' });
  const { task_id: second } = await client.submit(videos.urlOf(file));
  assert.equal((await client.ended(second)).status, 'succeeded');
  assert.equal((await client.read(first)).status, 'running');

  dawdling?.end(bytes.subarray(1000));
  assert.equal((await client.ended(first)).status, 'succeeded');
});
