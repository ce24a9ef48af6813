import assert from 'node:assert/strict';
import { request } from 'node:http';
import { readFile } from 'node:fs/promises';
import { test, type TestContext } from 'node:test';
import { rows } from '../shared/db/connect.ts';
import { mediaSecrets } from '../shared/secrets.ts';
import { signUploadUrl } from '../shared/storage/upload-url.ts';
import { uploadKey } from '../shared/task/keys.ts';
import { sweepRemovals } from '../shared/task/removals.ts';
import { newClient, type Answer, type Client, type TaskView } from './kit/client.ts';
import { startGcsDouble } from './kit/gcs-double/double.ts';
import { startService, type Service } from './kit/service.ts';
import { until } from './kit/until.ts';
import { sample } from './kit/videos.ts';

interface Upload {
  upload_id: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  expires_at: string;
}

interface Home {
  service: Service;
  client: Client;
}

const homes: Record<string, (t: TestContext, env?: Record<string, string>) => Promise<Home>> = {
  async folder(t, env = {}) {
    const service = await startService(t, { workers: 0, env });
    return { service, client: await newClient(service.url) };
  },
  async bucket(t, env = {}) {
    const double = await startGcsDouble(t);
    const service = await startService(t, { workers: 0, env: { ...double.env, ...env } });
    return { service, client: await newClient(service.url) };
  },
};

function openUpload(client: Client, bytes: number, more: object = {}): Promise<Answer<Upload>> {
  return client.ask<Upload>('POST', '/uploads', { bytes, ...more });
}

/** Asks for an address and sends the file there, as a client does. */
async function upload(client: Client, file: Buffer, more: object = {}): Promise<string> {
  const { status, body } = await openUpload(client, file.length, more);
  assert.equal(status, 201, JSON.stringify(body));
  assert.equal(await put(body, file), 200);
  return body.upload_id;
}

async function put({ url, headers }: Pick<Upload, 'url' | 'headers'>, file: Buffer): Promise<number> {
  const response = await fetch(url, { method: 'PUT', headers, body: new Uint8Array(file) });
  await response.arrayBuffer();
  return response.status;
}

function submit(client: Client, id: string, more: object = {}, headers: Record<string, string> = {}) {
  return client.ask<TaskView & { code: string }>('POST', '/tasks', { upload_id: id, ...more }, headers);
}

function assertProblem(answer: Answer, status: number, code: string): void {
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  assert.equal((answer.body as { code: string }).code, code);
}

const FILE = Buffer.from('not much of a video, but nobody looks at it here');

for (const [name, open] of Object.entries(homes)) {
  test(`${name}: a file that the client stored itself becomes a task of the same id`, async (t) => {
    const { service, client } = await open(t);
    const id = await upload(client, FILE, { name: 'holiday.mp4', content_type: 'video/mp4' });
    const made = await submit(client, id, { profile: 'anb', external_id: 'mine' });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    assert.equal(made.headers.get('location'), `/tasks/${id}`);
    assert.equal(made.body.task_id, id);
    assert.deepEqual(made.body.source, { kind: 'upload', name: 'holiday.mp4' });
    const [task] = await rows<{ source_key: string }>(service.db, 'select source_key from tasks');
    assert.equal(task?.source_key, uploadKey(id));
    assert.deepEqual(await service.storage.stat(uploadKey(id)), { bytes: FILE.length });
    assert.deepEqual(await rows(service.db, 'select * from removals'), [], 'the file stays');
    assert.deepEqual(await rows(service.db, 'select * from uploads'), []);
  });

  test(`${name}: the same request again answers the same task, another one is refused`, async (t) => {
    const { service, client } = await open(t);
    const id = await upload(client, FILE);
    const answers = await Promise.all([1, 2, 3].map(() => submit(client, id)));
    for (const answer of [
      ...answers,
      await submit(client, id),
      await submit(client, id, {}, { 'idempotency-key': 'k' }),
    ])
      assert.deepEqual([answer.status, answer.body.task_id], [201, id]);
    assertProblem(await submit(client, id, { profile: 'anb' }), 409, 'upload_used');
    assert.equal((await rows(service.db, 'select from steps')).length, 1);

    const first = await upload(client, FILE);
    const second = await upload(client, FILE);
    assert.equal((await submit(client, first, {}, { 'idempotency-key': 'once' })).status, 201);
    assertProblem(await submit(client, second, {}, { 'idempotency-key': 'once' }), 422, 'idempotency_key_reused');
    assert.equal((await submit(client, second)).status, 201, 'the second upload is not lost by it');
  });

  test(`${name}: without its file an upload is no task`, async (t) => {
    const { service, client } = await open(t);
    const { body } = await openUpload(client, FILE.length);
    assertProblem(await submit(client, body.upload_id), 409, 'upload_unfinished');
    assert.equal(await put(body, FILE), 200);
    assertProblem(await submit(client, body.upload_id, { profile: 'vhs' }), 400, 'unknown_profile');
    assert.equal((await submit(client, body.upload_id)).status, 201);
    assert.equal((await rows(service.db, 'select from tasks')).length, 1);
  });

  test(`${name}: an upload that is unknown or another's is not found`, async (t) => {
    const { service, client } = await open(t);
    const id = await upload(client, FILE);
    const other = await newClient(service.url);
    assertProblem(await submit(other, id), 404, 'upload_not_found');
    assertProblem(await submit(client, '0199aaaa-0000-7000-8000-000000000000'), 404, 'upload_not_found');
    assert.equal((await submit(client, id)).status, 201);
    assertProblem(await submit(other, id), 404, 'upload_not_found');
  });

  test(`${name}: the address takes as many bytes as were said, once`, async (t) => {
    const { client } = await open(t);
    const { body } = await openUpload(client, FILE.length);
    assert.ok((await put(body, Buffer.concat([FILE, FILE]))) >= 400);
    assert.ok((await put(body, FILE.subarray(1))) >= 400);
    assertProblem(await submit(client, body.upload_id), 409, 'upload_unfinished');
    const again = name === 'bucket' ? (await openUpload(client, FILE.length)).body : body;
    assert.equal(await put(again, FILE), 200);
    assert.equal((await submit(client, again.upload_id)).status, 201);
  });

  test(`${name}: what breaks off leaves nothing and can be sent again`, async (t) => {
    const { service, client } = await open(t);
    const file = Buffer.alloc(900_000, 'video');
    const { body } = await openUpload(client, file.length);
    const cut = request(body.url, { method: 'PUT', headers: { 'content-length': file.length } });
    const closed = new Promise((resolve) => cut.on('close', resolve));
    cut.on('error', () => {});
    cut.write(file.subarray(0, 500_000), () => setTimeout(() => cut.destroy(), 50));
    await closed;
    assertProblem(await submit(client, body.upload_id), 409, 'upload_unfinished');
    assert.equal(await until(async () => (await put(body, file)) === 200, { what: 'the file is taken' }), true);
    assert.equal((await submit(client, body.upload_id)).status, 201);
    assert.deepEqual(await service.storage.stat(uploadKey(body.upload_id)), { bytes: file.length });
  });

  test(`${name}: an upload that never becomes a task is removed`, async (t) => {
    const { service, client } = await open(t);
    const id = await upload(client, FILE);
    const [note] = await rows<{ days: number }>(
      service.db,
      'select extract(epoch from due_at - clock_timestamp()) / 86400 as days from removals',
    );
    // A bucket takes bytes for a week; our own web stops when it says.
    const [least, most] = name === 'bucket' ? [7, 9] : [1, 1.1];
    assert.ok(Number(note?.days) > least && Number(note?.days) < most, `removed after ${note?.days} days`);
    await service.db.raw(`update removals set due_at = clock_timestamp() - interval '1 second'`);
    assert.equal(await sweepRemovals(service.db, service.storage), 1);
    assert.deepEqual(await service.storage.list('sources/'), []);
    assertProblem(await submit(client, id), 409, 'upload_unfinished');

    await service.db.raw(`update uploads set kept_until = clock_timestamp()`);
    await openUpload(client, 5);
    assert.equal((await rows(service.db, 'select from uploads')).length, 1, 'the old one is forgotten');
  });

  test(`${name}: a removed task's address takes nothing any more`, async (t) => {
    const { service, client } = await open(t);
    const { body } = await openUpload(client, FILE.length);
    assert.equal(await put(body, FILE), 200);
    assert.equal((await submit(client, body.upload_id)).status, 201);
    await client.ask('DELETE', `/tasks/${body.upload_id}`);
    assert.equal((await client.ask('DELETE', `/tasks/${body.upload_id}`)).status, 204);
    await put(body, FILE);
    assert.deepEqual(await service.storage.list('sources/'), []);
    assertProblem(await submit(client, body.upload_id), 404, 'upload_not_found');
  });

  test(`${name}: a file that is too large is refused before it is sent`, async (t) => {
    const { client } = await open(t, { SOURCE_MAX_BYTES: '1000' });
    assertProblem(await openUpload(client, 1001), 413, 'source_too_large');
    assert.equal((await openUpload(client, 1000)).status, 201);
    for (const wrong of [{ bytes: 0 }, { bytes: 1.5 }, {}, { bytes: 5, content_type: 'text/html' }, { bytes: 5, x: 1 }])
      assertProblem(await client.ask('POST', '/uploads', wrong), 400, 'invalid_request');
  });
}

test('folder: forged and expired addresses are refused', async (t) => {
  const { service, client } = await homes.folder!(t);
  const { body } = await openUpload(client, FILE.length);
  const [secret] = await mediaSecrets(service.settings);
  const expired = signUploadUrl(uploadKey(body.upload_id), secret, { bytes: FILE.length, seconds: -1 });
  const other = (await openUpload(client, FILE.length)).body;
  const signature = (url: string) => new URL(url).searchParams.get('signature') ?? '';
  for (const url of [
    body.url.replace(body.upload_id, other.upload_id),
    body.url.replace(/bytes=\d+/, 'bytes=5000'),
    body.url.replace(/expires=\d+/, 'expires=99999999999'),
    new URL(expired, service.url).href,
    body.url.replace(signature(body.url), signature(other.url)),
    body.url.replace(/\?.*/, ''),
  ]) {
    assert.ok([403, 404].includes(await put({ url, headers: {} }, FILE)), url);
  }
  assert.equal(await put({ url: body.url.replace('/uploads/', '/media/'), headers: {} }, FILE), 405);
  assert.equal(await put(body, FILE), 200);
  assert.equal(await put(body, FILE), 409, 'it is there already');
});

test('an upload whose name the database cannot keep is refused', async (t) => {
  const { client } = await homes.folder!(t);
  assertProblem(await openUpload(client, FILE.length, { name: 'a\0.mp4' }), 400, 'invalid_request');
});

test('bucket: pages of our origin may send to the address, and no others', async (t) => {
  const { client } = await homes.bucket!(t, { PUBLIC_URL: 'https://video.example.com' });
  const { body } = await openUpload(client, FILE.length);
  const preflight = async (origin: string) =>
    (await fetch(body.url, { method: 'OPTIONS', headers: { origin } })).headers.get('access-control-allow-origin');
  assert.equal(await preflight('https://video.example.com'), 'https://video.example.com');
  assert.equal(await preflight('https://elsewhere.example.com'), null);
});

test('a task comes from a url or from an upload, and the API says so', async (t) => {
  const { service, client } = await homes.folder!(t);
  const id = '0199aaaa-0000-7000-8000-000000000000';
  for (const body of [{}, { url: 'https://example.com/a.mp4', upload_id: id }]) {
    const answer = await client.ask<{ detail: string }>('POST', '/tasks', body);
    assertProblem(answer, 400, 'invalid_request');
    assert.match(answer.body.detail, /either `url` or `upload_id`/);
  }
  assertProblem(await client.ask('POST', '/tasks', { upload_id: 'mine' }), 400, 'invalid_request');
  type Schema = { oneOf?: object[]; additionalProperties?: boolean; required?: string[] };
  type Document = { paths: Record<string, object>; components: { schemas: Record<string, Schema> } };
  const { body } = await newClient(service.url).then((any) => any.ask<Document>('GET', '/openapi.json'));
  assert.ok(body.paths['/uploads']);
  const { NewTask, UploadRequest } = body.components.schemas;
  assert.deepEqual(NewTask?.oneOf, [{ required: ['url'] }, { required: ['upload_id'] }]);
  assert.deepEqual(UploadRequest?.required, ['bytes']);
});

test('a bucket whose service uploads, cuts and signs: the whole way of a task', async (t) => {
  const double = await startGcsDouble(t);
  const service = await startService(t, { env: double.env });
  const client = await newClient(service.url);
  const id = await upload(client, await readFile(await sample({ seconds: 2 })));
  assert.equal((await submit(client, id)).status, 201);
  const task = await client.ended(id);
  assert.equal(task.status, 'succeeded', JSON.stringify(task.error));
  for (const clip of task.clips) {
    const response = await fetch(clip.url);
    assert.equal(response.headers.get('content-type'), 'video/mp4');
    assert.equal((await response.arrayBuffer()).byteLength, clip.bytes);
  }
  assert.ok(task.clips[0]?.url.startsWith(double.url));
});
