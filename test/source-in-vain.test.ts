import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { sourcePrefix } from '../shared/task/keys.ts';
import { sourceCache } from '../worker/clip/source-cache.ts';
import type { AbortReason } from '../worker/held.ts';
import { runStep } from '../worker/run-step.ts';
import { alone } from './kit/alone.ts';
import { newClient } from './kit/client.ts';
import { startService } from './kit/service.ts';
import { claim } from './kit/tasks.ts';
import { until } from './kit/until.ts';
import { serveVideos } from './kit/video-server.ts';
import { temporaryFolder } from './kit/videos-clip.ts';
import { sample, tools } from './kit/videos.ts';

for (const reason of ['lost', 'stopping'] satisfies AbortReason[]) {
  test(`a source that was stored while it was examined does not stay when the step is ${reason}`, async (t) => {
    const videos = await serveVideos(t);
    const service = await startService(t, { workers: 0, env: { SOURCE_ALLOW: videos.allow } });
    const { db, storage, parts } = service;
    const client = await newClient(service.url);
    const root = await temporaryFolder(t);
    const ffprobe = path.join(root, 'ffprobe');
    await writeFile(ffprobe, '#!/bin/sh\nexec sleep 60\n');
    await chmod(ffprobe, 0o755);
    const abort = new AbortController();
    const context = {
      ...{ ...parts, root, signal: abort.signal, tools: { ...tools, ffprobe, layers: [] } },
      sources: sourceCache(path.join(root, 'sources'), 2 ** 30, storage, parts.log),
      ...alone,
    };
    const { task_id: id } = await client.submit(videos.urlOf(await sample({ seconds: 4 })));
    const running = runStep(await claim(db), context, new AbortController().signal);
    await until(async () => (await storage.list(sourcePrefix(id))).length === 1, { what: 'the source is stored' });
    abort.abort(reason);
    await running;
    assert.deepEqual(await storage.list(sourcePrefix(id)), []);
  });
}
