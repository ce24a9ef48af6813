import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import { test } from 'node:test';
import { rows } from '../shared/db/connect.ts';
import { sourcePrefix, uploadKey } from '../shared/task/keys.ts';
import { newClient, type Client, type TaskView } from './kit/client.ts';
import { startService, type Service } from './kit/service.ts';
import { until } from './kit/until.ts';

const FILE = Buffer.from(Array.from({ length: 1_000_000 }, (_, index) => index % 251));

interface Upload {
  upload_id: string;
  url: string;
}

async function openUpload(client: Client, bytes = FILE.length): Promise<Upload> {
  return (await client.ask<Upload>('POST', '/uploads', { bytes, name: 'a.mp4' })).body;
}

/** Sends the bytes from one place to another, or asks how much is there. */
async function piece(url: string, start?: number, end?: number, total = FILE.length) {
  const range = start === undefined ? `bytes */${total}` : `bytes ${start}-${(end ?? 0) - 1}/${total}`;
  const body = start === undefined ? new Uint8Array() : new Uint8Array(FILE.subarray(start, end));
  const answer = await fetch(url, { method: 'PUT', headers: { 'content-range': range }, body, redirect: 'manual' });
  const text = await answer.text();
  return { status: answer.status, range: answer.headers.get('range'), text };
}

async function stored({ storage }: Service, id: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of await storage.get(uploadKey(id))) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

test('a file that comes in pieces is stored when the last one is there', async (t) => {
  const service = await startService(t, { workers: 0 });
  const client = await newClient(service.url);
  const { url, upload_id: id } = await openUpload(client);
  assert.deepEqual(await piece(url), { status: 308, range: null, text: '' });
  assert.deepEqual(await piece(url, 0, 400_000), { status: 308, range: 'bytes=0-399999', text: '' });
  const early = await client.ask<{ code: string }>('POST', '/tasks', { upload_id: id });
  assert.equal(early.body.code, 'upload_unfinished');
  assert.deepEqual(await piece(url), { status: 308, range: 'bytes=0-399999', text: '' });
  // Sent twice, because its answer was lost; then too far ahead, which is not taken.
  assert.equal((await piece(url, 200_000, 500_000)).range, 'bytes=0-499999');
  assert.equal((await piece(url, 600_000, 700_000)).range, 'bytes=0-499999');
  assert.equal((await piece(url, 500_000, FILE.length)).status, 200);
  assert.ok((await stored(service, id)).equals(FILE));
  const made = await client.ask<TaskView>('POST', '/tasks', { upload_id: id });
  assert.equal(made.status, 201);
  assert.equal((await piece(url, 0, 10)).status, 409, 'what is a task stays as it is');
  const left = await readdir(path.join(service.settings.DATA_DIR), { recursive: true });
  assert.deepEqual(
    left.filter((name) => name.endsWith('.partial')),
    [],
  );
});

test('a connection that is cut in the middle of a piece: what came is kept, and the rest is enough', async (t) => {
  const service = await startService(t, { workers: 0 });
  const { url, upload_id: id } = await openUpload(await newClient(service.url));
  const sending = request(url, {
    method: 'PUT',
    headers: { 'content-range': `bytes 0-${FILE.length - 1}/${FILE.length}`, 'content-length': FILE.length },
  });
  sending.on('error', () => undefined);
  sending.write(FILE.subarray(0, 300_000));
  const kept = await until(async () => (await piece(url)).range === 'bytes=0-299999', { what: 'what came is there' });
  assert.ok(kept);
  sending.destroy();
  assert.equal((await piece(url, 300_000, FILE.length)).status, 200);
  assert.ok((await stored(service, id)).equals(FILE));
});

test('a piece that does not fit its upload is refused in words', async (t) => {
  const service = await startService(t, { workers: 0 });
  const { url } = await openUpload(await newClient(service.url));
  for (const range of ['bytes 0-9/10', 'bytes 5-2/1000000', 'bytes 0-1000000/1000000', 'pages 1-2/3', 'bytes */1']) {
    const answer = await fetch(url, { method: 'PUT', headers: { 'content-range': range }, body: 'x' });
    assert.equal(answer.status, 400, range);
    assert.equal(((await answer.json()) as { code: string }).code, 'invalid_content_range');
  }
  const short = await fetch(url, { method: 'PUT', headers: { 'content-range': 'bytes 0-9/1000000' }, body: 'x' });
  assert.equal(((await short.json()) as { code: string }).code, 'upload_size_differs');
});

test('an upload that is given up frees its place and its bytes, and what still comes of it does not stay', async (t) => {
  const env = { UPLOADS_PER_OWNER: '1' };
  const service = await startService(t, { workers: 0, env });
  const [client, other] = [await newClient(service.url), await newClient(service.url)];
  const { url, upload_id: id } = await openUpload(client);
  const sending = request(url, {
    method: 'PUT',
    headers: { 'content-range': `bytes 0-${FILE.length - 1}/${FILE.length}`, 'content-length': FILE.length },
  });
  sending.on('error', () => undefined);
  sending.write(FILE.subarray(0, 300_000));
  await until(async () => (await piece(url)).range === 'bytes=0-299999', { what: 'what came is there' });
  assert.equal((await other.ask('DELETE', `/uploads/${id}`)).status, 404);
  assert.equal((await client.ask('DELETE', `/uploads/${id}`)).status, 204);
  assert.equal((await client.ask('DELETE', `/uploads/${id}`)).status, 404);
  const ended = new Promise((resolve) => sending.once('response', resolve).once('close', resolve));
  sending.end(FILE.subarray(300_000));
  await ended;
  assert.equal((await piece(url)).status, 409);
  const due = await rows(service.db, `select from removals where prefix = :prefix and due_at <= clock_timestamp()`, {
    prefix: sourcePrefix(id),
  });
  assert.equal(due.length, 1, 'the sweep removes what came');
  assert.equal((await client.ask('POST', '/uploads', { bytes: 10 })).status, 201);
});
