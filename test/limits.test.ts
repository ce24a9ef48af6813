import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { rows } from '../shared/db/connect.ts';
import { finishClip } from '../shared/task/finish.ts';
import { beginForm } from './kit/begin-form.ts';
import { clientWith, newClient, type Answer, type Client } from './kit/client.ts';
import { assertProblem, type ProblemBody } from './kit/problem.ts';
import { startService, type Service } from './kit/service.ts';
import { claim, clipOf, plannedTask } from './kit/tasks.ts';
import { until } from './kit/until.ts';

const VIDEO = 'https://example.com/video.mp4';

async function limited(t: TestContext, env: Record<string, string>): Promise<{ service: Service; client: Client }> {
  const service = await startService(t, { workers: 0, env });
  return { service, client: await newClient(service.url) };
}

function assertLater(answer: Answer, status: number, code: string): ProblemBody {
  const problem = assertProblem(answer, status, code);
  assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
  return problem;
}

test('an address that asks too often waits, but balancers never do', async (t) => {
  const service = await startService(t, { workers: 0, env: { REQUESTS_PER_MINUTE: '20' } });
  const nobody = clientWith(service.url, '');
  const answers = [];
  for (let asked = 0; asked < 21; asked++) answers.push(await nobody.ask('GET', '/profiles'));
  assert.deepEqual(new Set(answers.slice(0, 20).map(({ status }) => status)), new Set([200]));
  const refused = assertLater(answers[20]!, 429, 'too_many_requests');
  assert.match(refused.detail, /20 requests a minute.*Wait \d s/);
  for (const path of ['/livez', '/readyz']) assert.equal((await nobody.ask('GET', path)).status, 200);
});

test('an address that has too much under way waits', async (t) => {
  const { service, client } = await limited(t, { REQUESTS_AT_ONCE: '2' });
  const first = beginForm(service.url, client.token);
  const second = beginForm(service.url, client.token);
  await until(async () => (await rows(service.db, 'select from uploads')).length === 2, { what: 'both have begun' });
  assertLater(await client.ask('GET', '/tasks'), 429, 'too_many_requests');
  first.destroy();
  await until(async () => (await client.ask('GET', '/tasks')).status === 200, { what: 'there is room again' });
  second.destroy();
});

test('only so many tasks of an owner are unfinished, however fast they are asked for', async (t) => {
  const { service, client } = await limited(t, { TASKS_PER_OWNER: '3' });
  const submit = () => client.ask<{ task_id: string }>('POST', '/tasks', { url: VIDEO });
  const answers = await Promise.all(Array.from({ length: 12 }, submit));
  const made = answers.filter(({ status }) => status === 201);
  assert.equal(made.length, 3);
  const refused = answers.find(({ status }) => status !== 201)!;
  assert.match(assertLater(refused, 429, 'too_many_tasks').detail, /3 unfinished tasks/);
  const other = await newClient(service.url);
  assert.equal((await other.ask('POST', '/tasks', { url: VIDEO })).status, 201, 'nobody else is held up');

  const id = made[0]!.body.task_id;
  assert.equal((await client.ask('DELETE', `/tasks/${id}`)).status, 200);
  assert.equal((await submit()).status, 201);
  assertLater(await client.ask('POST', `/tasks/${id}/retry`), 429, 'too_many_tasks');
});

test('a repeated request is answered its task, though there is no room for another', async (t) => {
  const { client } = await limited(t, { TASKS_PER_OWNER: '1' });
  const submit = (key: string) =>
    client.ask<{ task_id: string }>('POST', '/tasks', { url: VIDEO }, { 'Idempotency-Key': key });
  const first = await submit('a');
  const again = await submit('a');
  assert.deepEqual([again.status, again.body.task_id], [201, first.body.task_id]);
  assertLater(await submit('b'), 429, 'too_many_tasks');
});

test('only so many uploads of an owner are open, by address and by form', async (t) => {
  const { service, client } = await limited(t, { UPLOADS_PER_OWNER: '2' });
  const open = () => client.ask<{ url: string; upload_id: string }>('POST', '/uploads', { bytes: 5 });
  const opened = await Promise.all([open(), open(), open(), open()]);
  const [given] = opened.filter(({ status }) => status === 201);
  assert.equal(opened.filter(({ status }) => status === 201).length, 2);
  assertLater(
    opened.find(({ status }) => status !== 201)!,
    429,
    'too_many_uploads',
  );
  assertLater(await sendForm(service.url, client.token, 'video'), 429, 'too_many_uploads');

  assert.equal((await fetch(given!.body.url, { method: 'PUT', body: '12345' })).status, 200);
  assert.equal((await client.ask('POST', '/tasks', { upload_id: given!.body.upload_id })).status, 201);
  assert.equal((await sendForm(service.url, client.token, 'video')).status, 201);
  assert.equal((await open()).status, 201, 'a form that is a task is not open any more');
});

test('what an owner keeps is bounded: awaited uploads, sources and clips, until they are removed', async (t) => {
  const { service, client } = await limited(t, { STORED_BYTES_PER_OWNER: '1000' });
  const open = (bytes: number) => client.ask<{ url: string; upload_id: string }>('POST', '/uploads', { bytes });
  assertLater(await open(1001), 413, 'storage_full');
  const answers = await Promise.all(Array.from({ length: 8 }, () => open(400)));
  assert.equal(answers.filter(({ status }) => status === 201).length, 2, 'promised at the same moment, and no more');

  const { url, upload_id: id } = answers.find(({ status }) => status === 201)!.body;
  assert.equal((await fetch(url, { method: 'PUT', body: 'x'.repeat(400) })).status, 200);
  assert.equal((await client.ask('POST', '/tasks', { upload_id: id })).status, 201);
  assert.equal((await open(200)).status, 201);
  assert.match(assertLater(await open(1), 413, 'storage_full').detail, /1000 bytes.*DELETE/);
  assertLater(await client.ask('POST', '/tasks', { url: VIDEO }), 413, 'storage_full');
  assertLater(await sendForm(service.url, client.token, 'video'), 413, 'storage_full');

  assert.equal((await client.ask('DELETE', `/tasks/${id}`)).status, 200);
  assertLater(await open(1), 413, 'storage_full');
  assert.equal((await client.ask('DELETE', `/tasks/${id}`)).status, 204);
  assert.equal((await open(1)).status, 201);
});

test('clips count with the source that they were made of', async (t) => {
  const { service, client } = await limited(t, { STORED_BYTES_PER_OWNER: '1000' });
  const [user] = await rows<{ id: string }>(service.db, 'select id from users');
  await plannedTask(service.db, user!.id, 2);
  for (const bytes of [300, 500]) {
    const step = await claim(service.db);
    assert.equal((await finishClip(service.db, step, { ...clipOf(step), bytes })).accepted, true);
  }
  const open = (bytes: number) => client.ask('POST', '/uploads', { bytes });
  assertLater(await open(201), 413, 'storage_full');
  assert.equal((await open(200)).status, 201);
});

test('a JSON body has a largest size, which is a setting', async (t) => {
  const { client } = await limited(t, { JSON_MAX_BYTES: '2000' });
  const long = await client.ask('POST', '/tasks', { url: VIDEO, external_id: 'x'.repeat(2000) });
  assert.match(assertProblem(long, 413, 'body_too_large').detail, /2000 bytes/);
});

async function sendForm(url: string, token: string, field: string): Promise<Answer> {
  const body = new FormData();
  body.set(field, new Blob(['a few bytes']));
  const response = await fetch(`${url}/tasks`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

test('a form does not forget what else its owner has open', async (t) => {
  const { service, client } = await limited(t, {});
  const { body } = await client.ask<{ url: string; upload_id: string }>('POST', '/uploads', { bytes: 5 });
  await service.db.raw(`update uploads set created_at = created_at - interval '23 hours'`);
  assert.equal((await sendForm(service.url, client.token, 'video')).status, 201);
  assert.equal((await fetch(body.url, { method: 'PUT', body: '12345' })).status, 200);
  assert.equal((await client.ask('POST', '/tasks', { upload_id: body.upload_id })).status, 201);
});

test('bytes that were sent count for as long as they are kept, though the address is not open any more', async (t) => {
  const { service, client } = await limited(t, { STORED_BYTES_PER_OWNER: '1000', UPLOADS_PER_OWNER: '1' });
  const open = (bytes: number) => client.ask<{ url: string; upload_id: string }>('POST', '/uploads', { bytes });
  assert.equal((await open(900)).status, 201);
  await service.db.raw(`update uploads set created_at = created_at - interval '24 hours'`);
  assertLater(await open(200), 413, 'storage_full');
  assert.equal((await open(100)).status, 201, 'it is not open any more');
  await service.db.raw(`update uploads set kept_until = clock_timestamp()`);
  assert.equal((await open(1000)).status, 201, 'it was removed');
});

test("one owner's many requests do not keep the others from the database", async (t) => {
  const { service, client } = await limited(t, {});
  const other = await newClient(service.url);
  const [user] = await rows<{ id: string }>(service.db, 'select id from users order by created_at limit 1');
  // The owner's row is held, as by a request that takes long.
  const held = await service.db.transaction();
  await held.raw('select from users where id = ? for no key update', [user!.id]);
  const many = Array.from({ length: 110 }, () => client.ask<{ code: string }>('POST', '/tasks', { url: VIDEO }));
  const refused = await Promise.any(
    many.map((asking) =>
      asking
        .then((answer) => answer.status === 429 && answer)
        .then((answer) => answer || Promise.reject(new Error('201'))),
    ),
  );
  assertLater(refused, 429, 'too_many_at_once');
  assert.equal((await other.ask('POST', '/tasks', { url: VIDEO })).status, 201);
  await held.rollback();
  const answers = await Promise.all(many);
  assert.equal(answers.filter(({ status }) => status === 201).length, 102);
});
