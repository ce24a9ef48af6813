import assert from 'node:assert/strict';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { connect, rows } from '../shared/db/connect.ts';
import { createLog } from '../shared/log.ts';
import { sweepSteps } from '../shared/task/sweep.ts';
import { holdLeases } from '../worker/held.ts';
import { newClient } from './kit/client.ts';
import { freshDatabase } from './kit/database.ts';
import { startService } from './kit/service.ts';
import { claim, expireLeases, newOwner, plannedTask } from './kit/tasks.ts';
import { undo } from './kit/undo.ts';
import { until } from './kit/until.ts';
import { serveVideos } from './kit/video-server.ts';
import { sample } from './kit/videos.ts';

test('a worker that gets a step again while its late attempt still runs keeps the two apart', async (t) => {
  const db = connect(await freshDatabase(t), { name: 'test', max: 3 });
  undo(t, () => db.destroy());
  const id = await plannedTask(db, await newOwner(db), 1);
  const leases = holdLeases(db, 20, createLog('silent', 'test'));
  undo(t, () => leases.stop());

  const late = leases.hold(await claim(db, 'the-worker'));
  await expireLeases(db);
  await sweepSteps(db, 3);
  const current = leases.hold(await claim(db, 'the-worker'));
  await until(() => late.signal.aborted, { what: 'the late attempt is aborted' });
  late.letGo();
  assert.equal(leases.busy, 1, 'letting the late one go does not let go the current one');
  assert.equal(current.signal.aborted, false);

  current.progress(0.7);
  const renewed = async () => {
    const [step] = await rows<{ progress: number }>(db, `select progress from steps where task_id = :id and part = 1`, {
      id,
    });
    return step && Math.abs(step.progress - 0.7) < 0.01;
  };
  await until(renewed, { what: 'the current attempt is renewed' });
  leases.abortAll('stopping');
  assert.equal(current.signal.reason, 'stopping');
});

test('a worker whose folder was cleaned away makes it again and goes on', async (t) => {
  const videos = await serveVideos(t);
  const service = await startService(t, { env: { SOURCE_ALLOW: videos.allow } });
  const client = await newClient(service.url);
  for (const name of await readdir(service.settings.WORK_DIR)) {
    await rm(path.join(service.settings.WORK_DIR, name), { recursive: true });
  }
  const { task_id: id } = await client.submit(videos.urlOf(await sample({ seconds: 2 })));
  assert.equal((await client.ended(id)).status, 'succeeded');
});
