import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { freshFolder } from '../../../test/kit/folder.ts';
import { KEY, openBucket, put } from '../../../test/kit/gcs-double/bucket.ts';
import { until } from '../../../test/kit/until.ts';

test(
  'a fetch goes on where it was cut, ends at once when aborted, and refuses what is damaged',
  { timeout: 10_000 },
  async (t) => {
    const { storage, double } = await openBucket(t);
    const folder = await freshFolder(t);
    const data = randomBytes(1_000_000);
    await put(storage, data);
    const asked = () => double.calls.filter((call) => call.includes('alt=media')).length;
    double.faults.add(/alt=media/, { cutAfter: 300_000 }, 3);
    await storage.fetch(KEY, path.join(folder, 'cut'));
    assert.deepEqual(await readFile(path.join(folder, 'cut')), data);

    double.faults.add(/alt=media/, { drip: 60_000 });
    const stop = new AbortController();
    const before = asked();
    const fetching = storage.fetch(KEY, path.join(folder, 'aborted'), stop.signal);

    await until(() => asked() > before, { what: 'the file is asked for' });
    stop.abort(new Error('not wanted'));
    await assert.rejects(fetching, /not wanted/);

    await writeFile(path.join(folder, 'damaged'), randomBytes(data.length));
    await double.objects.replaceBytes(KEY, path.join(folder, 'damaged'));
    await assert.rejects(storage.fetch(KEY, path.join(folder, 'wrong')), /arrived with crc32c/);
    await assert.rejects(storage.get(KEY).then(buffer));
    assert.deepEqual(await readdir(folder), ['cut']);
  },
);

test('a fetch that is slow but never silent is let go on', async (t) => {
  const { storage, double } = await openBucket(t, { idleMs: 400 });
  const folder = await freshFolder(t);
  await put(storage, randomBytes(1_000_000));
  double.faults.add(/alt=media/, { drip: 60 });
  const began = performance.now();
  await storage.fetch(KEY, path.join(folder, 'a'));
  assert.ok(performance.now() - began > 600);
  assert.equal(double.calls.filter((call) => call.includes('alt=media')).length, 1);
});
