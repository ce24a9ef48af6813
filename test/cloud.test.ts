import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { connect } from '../shared/db/connect.ts';
import { bucketStorage } from '../shared/storage/bucket.ts';
import { clipKey, clipPrefix } from '../shared/task/keys.ts';
import { clientWith, newClient, type TaskView } from './kit/client.ts';
import { freshDatabase } from './kit/database.ts';
import { startEmulator, withoutEmulator } from './kit/emulator.ts';
import { freshFolder } from './kit/folder.ts';
import { startGcsDouble } from './kit/gcs-double/double.ts';
import { logged, startProgram, type RunningProgram } from './kit/program.ts';
import { until } from './kit/until.ts';
import { serveVideos } from './kit/video-server.ts';
import { sample } from './kit/videos.ts';

const LIMIT = { timeout: 150_000, skip: withoutEmulator };

/** Two web and three worker processes on the real Google clients: Pub/Sub's emulator, a double of Cloud Storage. */
async function startFleet(t: TestContext) {
  const videos = await serveVideos(t);
  const [emulator, bucket, databaseUrl] = [await startEmulator(t), await startGcsDouble(t), await freshDatabase(t)];
  const folder = await freshFolder(t);
  const env = {
    ...bucket.env,
    QUEUE: 'pubsub',
    PUBSUB_EMULATOR_HOST: emulator.host,
    PUBSUB_TOPIC: emulator.topic,
    PUBSUB_SUBSCRIPTION: emulator.subscription,
    GOOGLE_CLOUD_PROJECT: emulator.project,
    METADATA_SERVER_DETECTION: 'none',
    DATABASE_URL: databaseUrl,
    DATA_DIR: folder,
    WORK_DIR: `${folder}/work`,
    SIGNING_SECRET: 'a-secret-that-all-web-processes-share',
    SOURCE_ALLOW: videos.allow,
    PORT: '0',
    WORKER_SLOTS: '1',
    LEASE_SECONDS: '5',
  };
  const webs = [startProgram(t, 'web/main.ts', env), startProgram(t, 'web/main.ts', env)];
  const workers = [0, 1, 2].map(() => startProgram(t, 'worker/main.ts', env));
  const urls = await Promise.all(webs.map(async (web) => String((await logged(web, /web ready/, 40_000)).url)));
  await Promise.all(workers.map((worker) => logged(worker, /worker ready/, 40_000)));
  const db = connect(databaseUrl, { name: 'test', max: 2 });
  t.after(() => db.destroy());
  return { videos, emulator, bucket, webs, workers, urls: urls as [string, string], db };
}

/** Parts whose clips a worker has made, by its log. */
function clipsOf(worker: RunningProgram): string[] {
  return worker
    .log()
    .flatMap((line) => (line.msg === 'step ended' && line.outcome === 'done' ? [String(line.step)] : []));
}

async function assertRightClips(task: TaskView): Promise<void> {
  assert.deepEqual(
    task.clips.map((clip) => clip.seconds),
    [22, 22, 22, 7],
  );
  for (const clip of task.clips) {
    const response = await fetch(clip.url);
    assert.equal(response.status, 200);
    const bytes = Buffer.from(await response.arrayBuffer());
    assert.equal(createHash('sha256').update(bytes).digest('hex'), clip.sha256);
  }
}

const video = (height: number) => sample({ seconds: 65, width: (height * 16) / 9, height });

test(
  'two web and three worker processes on the Google clients make the clips of a video together',
  LIMIT,
  async (t) => {
    const fleet = await startFleet(t);
    const client = await newClient(fleet.urls[0]);
    const { task_id: id } = await client.submit(fleet.videos.urlOf(await video(540)));
    // Any web instance serves any client.
    const task = await clientWith(fleet.urls[1], client.token).ended(id, 100_000);
    assert.equal(task.status, 'succeeded', JSON.stringify(task.error));
    await assertRightClips(task);
    const made = fleet.workers.map(clipsOf);
    assert.ok(made.filter((clips) => clips.some((step) => step.startsWith('clip'))).length >= 2, JSON.stringify(made));
    for (const program of [...fleet.webs, ...fleet.workers]) program.kill('SIGTERM');
    for (const program of [...fleet.webs, ...fleet.workers]) assert.equal(await program.ended, 0);
  },
);

test('a worker and a web killed and the broker restarted empty: the task succeeds, nothing twice', LIMIT, async (t) => {
  const fleet = await startFleet(t);
  const client = await newClient(fleet.urls[0]);
  const { task_id: id } = await client.submit(fleet.videos.urlOf(await video(540)));
  const other = clientWith(fleet.urls[1], client.token);
  await other.wait(
    id,
    ({ parts }) => parts.some((part) => part.progress > 0.05 && part.state === 'leased'),
    'a clip is under way',
  );
  const busy = await until(() => fleet.workers.find((worker) => isEncoding(worker)), { what: 'a worker encodes' });
  busy.kill('SIGKILL');
  fleet.webs[0]?.kill('SIGKILL');
  await fleet.emulator.restartEmpty();

  const task = await other.ended(id, 120_000);
  assert.equal(task.status, 'succeeded', JSON.stringify(task.error));
  await assertRightClips(task);
  const done = fleet.workers.flatMap(clipsOf).filter((step) => step.startsWith('clip'));
  assert.deepEqual(done.toSorted(), ['clip 1', 'clip 2', 'clip 3', 'clip 4'], 'each clip was finished once');
  const { bucket } = fleet;
  const storage = await bucketStorage({ bucket: bucket.bucket, project: 'test-project', endpoint: bucket.url });
  assert.deepEqual(
    (await storage.list(clipPrefix(id))).toSorted(),
    task.parts.map((part) => clipKey(id, part.part, part.attempt)),
    'the bucket holds what is published and nothing else',
  );
});

/** Its log names a step that has begun and not ended. */
function isEncoding(worker: RunningProgram): boolean {
  const log = worker.log();
  const begun = log.filter((line) => line.msg === 'step begins' && String(line.step).startsWith('clip')).length;
  return begun > clipsOf(worker).filter((step) => step.startsWith('clip')).length;
}
