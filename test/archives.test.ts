import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import { Readable } from 'node:stream';
import { test, type TestContext } from 'node:test';
import { rows } from '../shared/db/connect.ts';
import { finishClip } from '../shared/task/finish.ts';
import { newClient } from './kit/client.ts';
import { startService, type Service } from './kit/service.ts';
import { claim, clipOf, plannedTask } from './kit/tasks.ts';
import { until } from './kit/until.ts';

/** A task of three parts, two of which are done. */
async function withClips(t: TestContext, bytes = 300_000) {
  const service = await startService(t, { workers: 0 });
  const client = await newClient(service.url);
  const [owner] = await rows<{ id: string }>(service.db, 'select id from users');
  const id = await plannedTask(service.db, owner?.id ?? '', 3);
  await service.db.raw('update tasks set media = null');
  const clips: Buffer[] = [];
  for (let part = 0; part < 2; part++) {
    const lease = await claim(service.db);
    const clip = randomBytes(bytes + part);
    clips.push(clip);
    await service.storage.put(clipOf(lease).key, Readable.from([clip]));
    await finishClip(service.db, lease, { ...clipOf(lease), bytes: clip.length });
  }
  return { service, client, id, clips };
}

/** Far more than connections and streams hold on the way. */
const LARGE = 16_000_000;

/** The clips that are read from now on. */
function watchReads({ storage }: Service): Readable[] {
  const reads: Readable[] = [];
  const get = storage.get.bind(storage);
  storage.get = async (...asked) => {
    const clip = await get(...asked);
    reads.push(clip);
    return clip;
  };
  return reads;
}

/** Asks for an archive of which only the beginning is read. */
async function begin(url: string): Promise<http.IncomingMessage> {
  const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
    http.get(url, resolve).once('error', reject);
  });
  await new Promise((resolve) => answer.once('readable', resolve));
  return answer;
}

/** The entries of a zip archive whose files are not packed, by its central directory. */
function entriesOf(zip: Buffer): Map<string, Buffer> {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const entries = new Map<string, Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [bytes, name, extra, comment] = [
      zip.readUInt32LE(at + 24),
      zip.readUInt16LE(at + 28),
      zip.readUInt16LE(at + 30),
      zip.readUInt16LE(at + 32),
    ];
    const local = zip.readUInt32LE(at + 42);
    const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    entries.set(zip.toString('utf8', at + 46, at + 46 + name), zip.subarray(begin, begin + bytes));
    at += 46 + name + extra + comment;
  }
  return entries;
}

test('all clips that are done come in one archive, its length said beforehand', async (t) => {
  const { client, id, clips } = await withClips(t);
  const { zip_url: url } = await client.read(id);
  const answer = await fetch(url ?? '');
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-disposition') ?? '', /attachment; filename="claqueta-.*\.zip"/);
  const zip = Buffer.from(await answer.arrayBuffer());
  assert.equal(Number(answer.headers.get('content-length')), zip.length);
  const entries = entriesOf(zip);
  assert.deepEqual([...entries.keys()], ['part-001.mp4', 'part-002.mp4']);
  for (const [index, clip] of clips.entries()) assert.ok(entries.get(`part-00${index + 1}.mp4`)?.equals(clip));
});

test('an archive of which a clip is gone breaks off, and does not look whole', async (t) => {
  const { service, client, id } = await withClips(t);
  const { zip_url: url, clips } = await client.read(id);
  const [last] = await rows<{ key: string }>(service.db, `select output ->> 'key' as key from steps where part = 2`);
  await service.storage.remove(last?.key ?? '');
  assert.equal(clips.length, 2);
  await assert.rejects(fetch(url ?? '').then((answer) => answer.arrayBuffer()));
});

test('a client that leaves, or asks for the head alone, keeps no clip open', async (t) => {
  const { service, client, id } = await withClips(t, LARGE);
  const { zip_url: url } = await client.read(id);
  const reads = watchReads(service);
  const answer = await begin(url ?? '');
  answer.destroy();
  await until(() => reads[0]?.destroyed, { what: 'the clip of who left is closed' });
  assert.equal((await fetch(url ?? '', { method: 'HEAD' })).status, 200);
  await until(() => reads[1]?.destroyed, { what: 'the clip of the head is closed' });
});

test('a clip that cannot be read to its end ends its archive and nothing else', async (t) => {
  const { service, client, id } = await withClips(t, LARGE);
  const { zip_url: url } = await client.read(id);
  const reads = watchReads(service);
  const answer = await begin(url ?? '');
  // The head of the first entry may come before its clip is opened.
  const clip = await until(() => reads[0], { what: 'the first clip is read' });
  clip.destroy(new Error('the storage is gone'));
  await assert.rejects(answer.toArray());
  assert.equal((await client.read(id)).task_id, id);
});

test('nobody gets an archive without its address', async (t) => {
  const { service, client, id } = await withClips(t);
  const { zip_url: url } = await client.read(id);
  const other = '0199aaaa-0000-7000-8000-000000000000';
  for (const forged of [
    `${service.url}/archives/${id}.zip`,
    (url ?? '').replace(/expires=\d+/, 'expires=99999999999'),
    (url ?? '').replace(id, other),
  ]) {
    assert.equal((await fetch(forged)).status, 403);
  }
  assert.equal((await fetch(url ?? '', { method: 'POST' })).status, 405);
  const untouched = await client.submit('https://example.com/video.mp4');
  assert.equal(untouched.zip_url, null);
});
