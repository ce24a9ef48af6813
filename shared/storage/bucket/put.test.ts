import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { assertNothing, BLOCK, KEY, openBucket, put } from '../../../test/kit/gcs-double/bucket.ts';
import { until } from '../../../test/kit/until.ts';
import { AlreadyStored, StorageUnavailable } from '../storage.ts';

test('an upload whose connection is cut goes on where it was cut', async (t) => {
  const { storage, double } = await openBucket(t, { block: 4 * BLOCK });
  const data = randomBytes(9 * BLOCK + 5);
  double.faults.add(/^PUT/, { cutAfter: 2.5 * BLOCK });
  double.faults.add(/^PUT/, { cutAfter: 1 });
  double.faults.add(/^PUT/, { loseAnswer: true });
  await put(storage, data);
  assert.deepEqual(await buffer(await storage.get(KEY)), data);
  assert.equal(double.calls.filter((call) => call.startsWith('POST')).length, 1, 'in one session');
  const ranges = double.calls.flatMap((call) => /bytes (\S+)/.exec(call)?.[1] ?? []);
  assert.deepEqual(ranges.slice(0, 3), ['0-1048575/*', '*/*', '524288-1048575/*'], 'only what was lost is sent again');
});

test('an upload whose last answer is lost is stored once and counts', async (t) => {
  const { storage, double } = await openBucket(t);
  const data = randomBytes(100);
  double.faults.add(/^PUT/, { loseAnswer: true });
  await put(storage, data);
  assert.deepEqual(await buffer(await storage.get(KEY)), data);
  await assert.rejects(put(storage, data), AlreadyStored);
});

test('a connection that is cut for ever leaves nothing', async (t) => {
  const { storage, double } = await openBucket(t);
  double.faults.add(/^PUT/, { cutAfter: 1000 }, 100);
  await assert.rejects(put(storage, randomBytes(2 * BLOCK)), StorageUnavailable);
  await assertNothing({ storage, double });
});

test('an upload that is damaged on its way is refused', async (t) => {
  const { storage, double } = await openBucket(t);
  double.faults.add(/^PUT/, { flip: true });
  await assert.rejects(put(storage, randomBytes(2 * BLOCK)), /crc32c does not match/);
  await assertNothing({ storage, double });
});

// A wait for the answer that was held would take longer than the test may.
test(
  'a put that is aborted after its last byte has arrived takes back what it stored',
  { timeout: 10_000 },
  async (t) => {
    const { storage, double } = await openBucket(t);
    const stop = new AbortController();
    double.faults.add(/^PUT/, { holdAnswer: 60_000 });
    const putting = put(storage, randomBytes(100), stop.signal);
    await until(() => double.objects.names().length === 1, { what: 'the object is there' });
    stop.abort(new Error('not wanted'));
    await assert.rejects(putting);
    await assertNothing({ storage, double });
  },
);

test('a failed put does not take back what somebody else has stored', async (t) => {
  const { storage, double } = await openBucket(t);
  const theirs = randomBytes(50);
  const ours = async function* () {
    yield randomBytes(2 * BLOCK);
    await storage.put(KEY, Readable.from([theirs]));
  };
  await assert.rejects(storage.put(KEY, Readable.from(ours())), AlreadyStored);
  assert.deepEqual(await buffer(await storage.get(KEY)), theirs);
  assert.equal(double.uploads.open, 0);
});
