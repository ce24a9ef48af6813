import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { AlreadyStored, NotStored, TooManyBytes } from '../shared/storage/storage.ts';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { freshFolder } from './kit/folder.ts';
import { BLOCK } from './kit/gcs-double/bucket.ts';
import { inBucket, inFolder } from './kit/gcs-double/homes.ts';
import { until } from './kit/until.ts';

const homes = { folder: inFolder, bucket: inBucket };

function bytes(count: number): Buffer {
  return randomBytes(count);
}

/** In pieces as a socket brings them. */
function streamOf(data: Buffer, piece = 60_000): Readable {
  const pieces: Buffer[] = [];
  for (let at = 0; at < data.length; at += piece) pieces.push(data.subarray(at, at + piece));
  return Readable.from(pieces);
}

const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex');

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What buffers hold that somebody still needs. */
function heldBytes(): number {
  // Twice: what the first finds is let go of beside us, and certainly before the second.
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

for (const [name, open] of Object.entries(homes)) {
  test(`${name}: what is put can be read, whole and by range`, async (t) => {
    const { storage } = await open(t);
    for (const size of [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 3 * BLOCK + 17]) {
      const data = bytes(size);
      const key = `sources/a/${size}`;
      assert.deepEqual(await storage.put(key, streamOf(data)), { bytes: size, sha256: sha256(data) });
      assert.deepEqual(await storage.stat(key), { bytes: size });
      assert.deepEqual(sha256(await buffer(await storage.get(key))), sha256(data));
      if (size < 20) continue;
      for (const range of [
        { start: 0, end: 0 },
        { start: 5, end: 14 },
        { start: size - 3, end: size - 1 },
      ]) {
        const part = await buffer(await storage.get(key, range));
        assert.deepEqual(part, data.subarray(range.start, range.end + 1));
      }
    }
  });

  test(`${name}: a file is fetched to this machine`, async (t) => {
    const { storage } = await open(t);
    const folder = await freshFolder(t);
    for (const size of [0, 700_000]) {
      const data = bytes(size);
      await storage.put(`sources/a/${size}`, streamOf(data));
      await storage.fetch(`sources/a/${size}`, path.join(folder, String(size)));
      assert.equal(sha256(await readFile(path.join(folder, String(size)))), sha256(data));
    }
    await writeFile(path.join(folder, 'there'), 'mine');
    await assert.rejects(storage.fetch('sources/a/0', path.join(folder, 'there')), { code: 'EEXIST' });
    assert.equal(await readFile(path.join(folder, 'there'), 'utf8'), 'mine');
  });

  test(`${name}: what is not there is said to be not there`, async (t) => {
    const { storage } = await open(t);
    const folder = await freshFolder(t);
    assert.equal(await storage.stat('sources/a/none'), null);
    await assert.rejects(storage.get('sources/a/none'), NotStored);
    await assert.rejects(storage.get('sources/a/none', { start: 0, end: 5 }), NotStored);
    await assert.rejects(storage.fetch('sources/a/none', path.join(folder, 'none')), NotStored);
    assert.deepEqual(await readdir(folder), []);
    assert.deepEqual(await storage.list('sources/a/'), []);
    await storage.remove('sources/a/none');
    await storage.removePrefix('sources/a/');
  });

  test(`${name}: lists and removes below a prefix, and nothing beside it`, async (t) => {
    const { storage } = await open(t);
    const keys = ['clips/1/a.mp4', 'clips/1/b.mp4', 'clips/1/c/d.mp4', 'clips/1/c/e.mp4', 'clips/1/f.mp4'];
    const others = ['clips/12/a.mp4', 'sources/1/a'];
    for (const key of [...keys, ...others]) await storage.put(key, streamOf(bytes(10)));
    assert.deepEqual((await storage.list('clips/1/')).sort(), keys);
    await storage.remove('clips/1/b.mp4');
    assert.deepEqual((await storage.list('clips/1/')).sort(), keys.toSpliced(1, 1));
    await storage.removePrefix('clips/1/');
    assert.deepEqual(await storage.list('clips/1/'), []);
    assert.deepEqual([...(await storage.list('clips/')), ...(await storage.list('sources/'))], others);
  });

  test(`${name}: a copy stands alone, and takes nobody's place`, async (t) => {
    const { storage, leftovers } = await open(t);
    const data = bytes(70_000);
    await storage.put('sources/1/upload', streamOf(data));
    await storage.copy('sources/1/upload', 'sources/2/upload');
    await assert.rejects(storage.copy('sources/1/upload', 'sources/2/upload'), AlreadyStored);
    await assert.rejects(storage.copy('sources/1/none', 'sources/3/upload'), NotStored);
    await storage.removePrefix('sources/1/');
    assert.deepEqual(await buffer(await storage.get('sources/2/upload')), data);
    assert.deepEqual([await storage.list('sources/'), await leftovers()], [['sources/2/upload'], 0]);
  });

  test(`${name}: keys that are not ours are refused everywhere`, async (t) => {
    const { storage } = await open(t);
    for (const key of ['', '/etc/passwd', '../x', 'a/../b', 'a/.hidden', 'a//b', 'ä', 'a b', 'a\n', 'x'.repeat(600)]) {
      const refused = { message: /Not a (key|prefix)/ };
      const uses: Record<string, () => Promise<unknown>> = {
        put: () => storage.put(key, streamOf(bytes(1))),
        stat: () => storage.stat(key),
        get: () => storage.get(key),
        fetch: () => storage.fetch(key, '/nowhere/at-all'),
        copy: () => storage.copy(key, 'sources/1/to'),
        'copy to': () => storage.copy('sources/1/from', key),
        remove: () => storage.remove(key),
        list: () => storage.list(key),
        removePrefix: () => storage.removePrefix(key),
        signUrl: () => storage.signUrl(key, { seconds: 60 }),
        openUpload: () => storage.openUpload(key, { bytes: 1, seconds: 60 }),
      };
      for (const [use, run] of Object.entries(uses)) {
        await assert.rejects(async () => run(), refused, `${use} ${JSON.stringify(key)}`);
      }
    }
    await assert.rejects(async () => storage.removePrefix('clips/1'), /Not a prefix/);
  });

  test(`${name}: what is stored is never overwritten, and of two puts at once one wins`, async (t) => {
    const { storage, leftovers } = await open(t);
    const first = bytes(2 * BLOCK);
    await storage.put('clips/1/a.mp4', streamOf(first));
    await assert.rejects(storage.put('clips/1/a.mp4', streamOf(bytes(5))), AlreadyStored);
    assert.deepEqual(await buffer(await storage.get('clips/1/a.mp4')), first);

    const rivals = [bytes(3 * BLOCK), bytes(3 * BLOCK), bytes(3 * BLOCK)];
    const puts = await Promise.allSettled(rivals.map((data) => storage.put('clips/1/b.mp4', streamOf(data))));
    const won = puts.map((put) => put.status === 'fulfilled');
    assert.equal(won.filter(Boolean).length, 1);
    for (const put of puts) if (put.status === 'rejected') assert.ok(put.reason instanceof AlreadyStored);
    assert.deepEqual(await buffer(await storage.get('clips/1/b.mp4')), rivals[won.indexOf(true)]);
    assert.equal(await leftovers(), 0);

    await storage.remove('clips/1/a.mp4');
    await storage.put('clips/1/a.mp4', streamOf(bytes(5)));
  });

  test(`${name}: too many bytes leave nothing`, async (t) => {
    const { storage, leftovers } = await open(t);
    for (const size of [1001, 5 * BLOCK]) {
      const maxBytes = size - 1;
      await assert.rejects(storage.put('sources/a/b', streamOf(bytes(size)), { maxBytes }), TooManyBytes);
      assert.equal(await storage.stat('sources/a/b'), null);
      assert.equal(await leftovers(), 0);
      await storage.put(`sources/a/${size}`, streamOf(bytes(maxBytes)), { maxBytes });
    }
  });

  test(`${name}: an aborted put leaves nothing, and neither does one whose source breaks off`, async (t) => {
    const { storage, leftovers } = await open(t);
    const stop = new AbortController();
    const ends = async function* () {
      yield bytes(2 * BLOCK + 5);
      await until(() => leftovers(), { what: 'the put has begun' });
      stop.abort(new Error('not wanted any more'));
      yield bytes(2 * BLOCK);
      await new Promise(() => {});
    };
    await assert.rejects(storage.put('sources/a/b', Readable.from(ends()), { signal: stop.signal }));
    const breaks = async function* () {
      yield bytes(2 * BLOCK + 5);
      await until(() => leftovers(), { what: 'the put has begun' });
      throw new Error('the disk is gone');
    };
    await assert.rejects(storage.put('sources/a/b', Readable.from(breaks())), /the disk is gone/);
    await assert.rejects(
      storage.put('sources/a/b', streamOf(bytes(5)), { signal: AbortSignal.abort(new Error('too late')) }),
    );
    assert.equal(await storage.stat('sources/a/b'), null);
    assert.equal(await leftovers(), 0);
    await storage.put('sources/a/b', streamOf(bytes(5)));
  });

  test(`${name}: a signed address serves the file to anyone, whole and by range`, async (t) => {
    const { storage, absolute } = await open(t);
    const data = bytes(70_000);
    await storage.put('clips/1/0001-a1.mp4', streamOf(data));
    const url = absolute(await storage.signUrl('clips/1/0001-a1.mp4', { seconds: 60, filename: 'part-001.mp4' }));
    const whole = await fetch(url);
    assert.equal(whole.status, 200);
    assert.deepEqual(Buffer.from(await whole.arrayBuffer()), data);
    assert.equal(whole.headers.get('content-type'), 'video/mp4');
    assert.equal(whole.headers.get('content-disposition'), 'inline; filename="part-001.mp4"');
    const part = await fetch(url, { headers: { range: 'bytes=10-19' } });
    assert.equal(part.status, 206);
    assert.equal(part.headers.get('content-range'), 'bytes 10-19/70000');
    assert.deepEqual(Buffer.from(await part.arrayBuffer()), data.subarray(10, 20));
    const named = await fetch(
      absolute(await storage.signUrl('clips/1/0001-a1.mp4', { seconds: 60, filename: 'ж.mp4' })),
    );
    assert.match(named.headers.get('content-disposition') ?? '', /filename\*=UTF-8''%D0%B6\.mp4/);
    await named.body?.cancel();
  });

  test(`${name}: forged and expired addresses are refused`, async (t) => {
    const { storage, absolute, expiredUrl } = await open(t);
    for (const key of ['clips/1/a.mp4', 'clips/2/a.mp4']) await storage.put(key, streamOf(bytes(10)));
    const url = absolute(await storage.signUrl('clips/1/a.mp4', { seconds: 60, filename: 'a.mp4' }));
    const forged = {
      'another key': url.replace('clips/1', 'clips/2'),
      'another name': url.replace('a.mp4%22', 'b.mp4%22').replace('filename=a.mp4', 'filename=b.mp4'),
      'a longer life': url.replace(/(Expires|expires)=\d+/, '$1=99999999999'),
      'another signature': url.replace(/(ignature=)(.)/, (_, name, sign) => `${name}${sign === 'a' ? 'b' : 'a'}`),
    };
    for (const [what, address] of Object.entries(forged)) {
      assert.notEqual(address, url, what);
      assert.ok([400, 403].includes((await fetch(address)).status), what);
    }
    assert.equal((await fetch(url)).status, 200);
    assert.ok([400, 403].includes((await fetch(absolute(await expiredUrl('clips/1/a.mp4')))).status));
  });

  test(`${name}: 50 MB flow through without being held`, async (t) => {
    const { storage } = await open(t);
    const folder = await freshFolder(t);
    const piece = bytes(64 * 1024);
    const hash = createHash('sha256');
    const before = heldBytes();
    let most = 0;
    const look = () => (most = Math.max(most, heldBytes() - before));
    const drawn = function* () {
      for (let count = 0; count < 800; count++) {
        hash.update(piece);
        if (count % 100 === 99) look();
        yield piece;
      }
    };
    const stored = await storage.put('sources/a/large', Readable.from(drawn()));
    assert.deepEqual(stored, { bytes: 800 * piece.length, sha256: hash.digest('hex') });
    const watch = setInterval(look, 250);
    await storage.fetch('sources/a/large', path.join(folder, 'large'));
    clearInterval(watch);
    assert.ok(most < 16_000_000, `held up to ${most} bytes`);
    t.diagnostic(`held up to ${Math.round(most / 1e6)} MB`);
  });

  test(`${name}: the storage says that it is there`, async (t) => {
    const { storage } = await open(t);
    await storage.check();
  });
}
