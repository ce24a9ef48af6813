import { Storage as Client } from '@google-cloud/storage';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { freshFolder } from '../../../test/kit/folder.ts';
import { assertNothing, BLOCK, KEY, openBucket, put } from '../../../test/kit/gcs-double/bucket.ts';
import { startGcsDouble } from '../../../test/kit/gcs-double/double.ts';
import { bucketStorage } from '../bucket.ts';
import { StorageUnavailable } from '../storage.ts';

test('every call that fails for a moment is made again', async (t) => {
  const { storage, double } = await openBucket(t);
  const folder = await freshFolder(t);
  const data = randomBytes(3 * BLOCK);
  for (const call of [
    /^POST .*uploadType=resumable/,
    /^PUT/,
    /^GET .*\/o\?/,
    /^GET .*alt=media/,
    /^GET .*\/o\//,
    /^DELETE/,
  ])
    double.faults.add(call, { status: 503 }, 3);
  await put(storage, data);
  assert.deepEqual(await storage.stat(KEY), { bytes: data.length });
  assert.deepEqual(await buffer(await storage.get(KEY)), data);
  await storage.fetch(KEY, path.join(folder, 'a'));
  assert.deepEqual(await readFile(path.join(folder, 'a')), data);
  assert.deepEqual(await storage.list('sources/'), [KEY]);
  await storage.removePrefix('sources/');
  assert.equal(await storage.stat(KEY), null);
});

test('a storage that stays away is given up, and a put leaves nothing', async (t) => {
  const { storage, double } = await openBucket(t);
  double.faults.add(/^PUT/, { status: 503 }, 100);
  await assert.rejects(put(storage, randomBytes(BLOCK)), StorageUnavailable);
  await assertNothing({ storage, double });
  double.faults.add(/^GET/, { status: 429 }, 100);
  await assert.rejects(storage.stat(KEY), /tried 5 times: it answered 429/);
  double.faults.clear();
  double.faults.add(/^GET/, { status: 403 }, 100);
  const before = double.calls.length;
  await assert.rejects(storage.stat(KEY));
  assert.equal(double.calls.length - before, 1, 'what does not pass is not tried again');
});

test('a storage that does not answer holds nobody up for long', async (t) => {
  const { storage: usual, double } = await openBucket(t);
  const place = { bucket: double.bucket, project: 'test-project', endpoint: double.url };
  const short = { blockMs: 100, callMs: 100, idleMs: 100, checkMs: 100, tries: 2 };
  const storage = await bucketStorage(place, { pauseMs: 5, ...short });
  const folder = await freshFolder(t);
  // With time: what is there is not what is tested.
  await put(usual, randomBytes(500_000));
  const began = performance.now();
  double.faults.add(/./, { delay: 60_000 }, 100);
  for (const use of [
    () => storage.put('sources/a/c', Readable.from([randomBytes(10)])),
    () => storage.stat(KEY),
    () => storage.get(KEY),
    () => storage.list('sources/'),
    () => storage.remove(KEY),
    () => storage.check(),
    () => storage.openUpload('sources/a/d', { bytes: 5, seconds: 60 }),
  ]) {
    await assert.rejects(use);
  }
  double.faults.clear();
  double.faults.add(/alt=media/, { drip: 60_000 }, 100);
  await assert.rejects(storage.fetch(KEY, path.join(folder, 'a')), StorageUnavailable);
  assert.deepEqual(await readdir(folder), []);
  assert.ok(performance.now() - began < 5_000);
});

test('a bucket that cannot be worked with is told of at the start, in words to act on', async (t) => {
  const double = await startGcsDouble(t);
  const place = { bucket: double.bucket, project: 'test-project', endpoint: double.url };
  const quick = { pauseMs: 5, checkMs: 200 };
  await assert.rejects(bucketStorage({ ...place, bucket: 'no-such' }, quick), /There is no bucket no-such\. Create it/);
  double.granted.delete('storage.objects.delete');
  await assert.rejects(
    bucketStorage(place, quick),
    /may not use the bucket claqueta-test \(storage\.objects\.delete\).*roles\/storage\.objectUser/,
  );
  double.faults.add(/testPermissions/, { status: 403 });
  await assert.rejects(bucketStorage(place, quick), /may not use/);
  double.faults.add(/testPermissions/, { delay: 60_000 }, 3);
  await assert.rejects(bucketStorage(place, quick), /cannot be reached.*200 ms/);
  await double.stop();
  await assert.rejects(bucketStorage(place, quick), /cannot be reached.*ECONNREFUSED/);
});

test('an address signed once is handed out again while it holds long enough', async (t) => {
  const { storage } = await openBucket(t);
  const sign = (key: string, seconds: number) => storage.signUrl(key, { seconds, filename: 'a.mp4' });
  const first = await sign(KEY, 60);
  assert.equal(await sign(KEY, 60), first);
  assert.match(first, /X-Goog-Expires=1(19|20)&/, 'good for as long as asked at the end of its first half, too');
  assert.notEqual(await sign('sources/a/c', 60), first);
  assert.notEqual(await sign(KEY, 61), first);
});

test('without a key, addresses are signed by IAM in the name of the machine', async (t) => {
  const { double } = await openBucket(t);
  const { GOOGLE_APPLICATION_CREDENTIALS: keyFile } = process.env;
  t.after(() => {
    process.env.GOOGLE_APPLICATION_CREDENTIALS = keyFile;
    delete process.env.GCE_METADATA_HOST;
  });
  delete process.env.GOOGLE_APPLICATION_CREDENTIALS;
  process.env.GCE_METADATA_HOST = new URL(double.url).host;
  const storage = await bucketStorage({ bucket: double.bucket, endpoint: double.url });
  await put(storage, Buffer.from('a clip'));
  const response = await fetch(await storage.signUrl(KEY, { seconds: 60 }));
  assert.equal(await response.text(), 'a clip');
  await storage.signUrl(KEY, { seconds: 60 });
  assert.equal(double.calls.filter((call) => call.endsWith(':signBlob')).length, 1, 'one signature serves both');
});

test("the double takes what Google's own client sends, and refuses wrong checksums", async (t) => {
  const { double } = await openBucket(t);
  const bucket = new Client({ apiEndpoint: double.url, projectId: 'test-project' }).bucket(double.bucket);
  const data = randomBytes(300_000);
  for (const options of [{ resumable: false }, { resumable: true }, { resumable: true, chunkSize: BLOCK }]) {
    const file = bucket.file(`client/${JSON.stringify(options).length}`);
    await file.save(data, { ...options, validation: 'md5' });
    const [read] = await file.download();
    assert.deepEqual(read, data);
  }
  const wrong = { resumable: false, metadata: { md5Hash: 'AAAAAAAAAAAAAAAAAAAAAA==' } };
  await assert.rejects(bucket.file('client/wrong').save(data, wrong), { code: 400 });
  const media = await fetch(`${double.url}/upload/storage/v1/b/${double.bucket}/o?uploadType=media&name=m`, {
    method: 'POST',
    headers: { 'x-goog-hash': 'crc32c=AAAAAA==' },
    body: data,
  });
  assert.equal(media.status, 400);
});
