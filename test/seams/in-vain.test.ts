import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { rows } from '../../shared/db/connect.ts';
import { clipPrefix, partPrefix } from '../../shared/task/keys.ts';
import type { Profile } from '../../shared/task/profile.ts';
import { sourceCache } from '../../worker/clip/source-cache.ts';
import { runStep } from '../../worker/run-step.ts';
import { alone } from '../kit/alone.ts';
import { newClient } from '../kit/client.ts';
import { startService } from '../kit/service.ts';
import { claim } from '../kit/tasks.ts';
import { catalog, temporaryFolder } from '../kit/videos-clip.ts';
import { sample, tools } from '../kit/videos.ts';
import { submitWith } from './submit.ts';

const hls = { ...(catalog.get('hls') as Profile), part_seconds: 4 };

test('a finish step in vain leaves no file of a stream, and every part for a retry', async (t) => {
  const service = await startService(t, { workers: 0, env: { STEP_TRIES: '1' } });
  const { db, storage, parts, url } = service;
  await newClient(url);
  const root = await temporaryFolder(t);
  const sources = sourceCache(path.join(root, 'sources'), 2 ** 30, storage, parts.log);
  const { signal } = new AbortController();
  const context = { ...parts, ...alone, tools, sources, root, signal };
  const work = async () => runStep(await claim(db), context, signal);

  const source = await sample({ seconds: 5, fps: 10, width: 640, height: 480, sound: 'none' });
  const task = await submitWith(service, source, hls);
  for (let step = 0; step < 3; step++) await work();
  const made = await storage.list(partPrefix(task));
  assert.equal(made.length, 4);

  // A part that does not go with the other: found when the larger size is joined and stored already.
  const [larger = '', smaller = ''] = ['0002-a1-480.mp4', '0002-a1-360.mp4'].map((name) => partPrefix(task) + name);
  await storage.remove(smaller);
  await storage.copy(larger, smaller);
  await work();
  const [ended] = await rows(db, `select status, error ->> 'code' as code from tasks where id = :task`, { task });
  assert.deepEqual(ended, { status: 'failed', code: 'clip_wrong' });
  assert.deepEqual(await storage.list(clipPrefix(task)), []);
  assert.deepEqual((await storage.list(partPrefix(task))).toSorted(), made.toSorted());
});
