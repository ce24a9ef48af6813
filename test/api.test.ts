import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test, type TestContext } from 'node:test';
import { rows } from '../shared/db/connect.ts';
import { sweepRemovals } from '../shared/task/removals.ts';
import { clientWith, newClient, type Answer, type Client } from './kit/client.ts';
import { assertProblem, type ProblemBody } from './kit/problem.ts';
import { startService, type Service } from './kit/service.ts';
import { until } from './kit/until.ts';

const VIDEO = 'https://example.com/video.mp4';

async function api(t: TestContext): Promise<{ service: Service; client: Client }> {
  const service = await startService(t, { workers: 0 });
  return { service, client: await newClient(service.url) };
}

test("another owner's task looks like one that does not exist", async (t) => {
  const { service, client } = await api(t);
  const { task_id: id } = await client.submit(VIDEO);
  const other = await newClient(service.url);
  for (const [method, route] of [
    ['GET', `/tasks/${id}`],
    ['DELETE', `/tasks/${id}`],
    ['POST', `/tasks/${id}/retry`],
  ] as const) {
    const theirs = assertProblem(await other.ask(method, route), 404, 'not_found');
    const nobodys = assertProblem(
      await other.ask(method, route.replace(id, '0199aaaa-0000-7000-8000-000000000000')),
      404,
      'not_found',
    );
    assert.equal(theirs.detail, nobodys.detail);
    assertProblem(await other.ask(method, route.replace(id, 'no-id')), 404, 'not_found');
  }
  assert.equal((await client.read(id)).status, 'pending');
});

test('wrong task requests are refused with the field and the reason', async (t) => {
  const { client } = await api(t);
  const post = (body: unknown) => client.ask('POST', '/tasks', body);
  for (const [body, field] of [
    [{}, 'url'],
    [{ url: 5 }, 'url'],
    [{ url: VIDEO, priority: 'high' }, 'priority'],
    [{ url: VIDEO, priority: 11 }, 'priority'],
    [{ url: VIDEO, external_id: ['a'] }, 'external_id'],
  ] as const) {
    const problem = assertProblem(await post(body), 400, 'invalid_request');
    assert.equal(problem.errors?.[0]?.field, field);
  }
  assertProblem(await post({ url: VIDEO, colour: 'blue' }), 400, 'invalid_request');
  assertProblem(await post([]), 400, 'invalid_request');
  assertProblem(await post({ url: VIDEO, external_id: 'a\0' }), 400, 'invalid_request');
  const unknown = assertProblem(await post({ url: VIDEO, profile: 'vhs' }), 400, 'unknown_profile');
  assert.match(unknown.detail, /idrl/);
  for (const url of [
    'file:///etc/passwd',
    'http://127.0.0.1/a.mp4',
    'http://[::1]/',
    'ftp://example.com/a',
    'not a url',
    '',
  ]) {
    assertProblem(await post({ url }), 400, 'source_refused');
  }
  assert.deepEqual((await client.ask('GET', '/tasks')).body, []);
});

test('bodies that are no JSON, or too large, are refused', async (t) => {
  const { service, client } = await api(t);
  const send = async (body: string) => {
    const headers = { authorization: `Bearer ${client.token}`, 'content-type': 'application/json' };
    const response = await fetch(`${service.url}/tasks`, { method: 'POST', headers, body });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  assertProblem(await send('{"url":'), 400, 'invalid_json');
  assertProblem(await send('"text"'), 400, 'invalid_json');
  assertProblem(await send(JSON.stringify({ url: VIDEO, external_id: 'x'.repeat(70_000) })), 413, 'body_too_large');
});

test('an Idempotency-Key answers the same task, and refuses another request', async (t) => {
  const { client } = await api(t);
  const key = { 'Idempotency-Key': 'once' };
  const post = (body: object) => client.ask<{ task_id: string }>('POST', '/tasks', body, key);
  const answers = await Promise.all([post({ url: VIDEO }), post({ url: VIDEO }), post({ url: VIDEO })]);
  for (const answer of answers) assert.equal(answer.status, 201);
  assert.equal(new Set(answers.map((answer) => answer.body.task_id)).size, 1);
  assertProblem(await post({ url: `${VIDEO}?other` }), 422, 'idempotency_key_reused');
  assert.equal(((await client.ask('GET', '/tasks')).body as unknown[]).length, 1);
});

test('pages of tasks follow each other without gap or repeat, in both orders', async (t) => {
  const { client } = await api(t);
  const made: string[] = [];
  for (let task = 0; task < 7; task++) made.push((await client.submit(VIDEO)).task_id);
  for (const [order, expected] of [
    ['0', made],
    ['1', made.toReversed()],
  ] as const) {
    const seen: string[] = [];
    for (let next: string | undefined = `/tasks?max=3&order=${order}`; next;) {
      const page: Answer<{ task_id: string }[]> = await client.ask('GET', next);
      assert.equal(page.status, 200);
      seen.push(...page.body.map((task) => task.task_id));
      next = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
    }
    assert.deepEqual(seen, expected);
  }
  for (const query of ['max=0', 'max=101', 'max=many', 'order=2', 'status=lost']) {
    assertProblem(await client.ask('GET', `/tasks?${query}`), 400, 'invalid_request');
  }
  assertProblem(await client.ask('GET', '/tasks?cursor=!!'), 400, 'invalid_cursor');
  assert.equal(((await client.ask('GET', '/tasks?status=cancelled')).body as unknown[]).length, 0);
});

test('an upload without a file, with an empty one or with a wrong field is refused and leaves nothing', async (t) => {
  const { service, client } = await api(t);
  const send = async (form: FormData) => {
    const headers = { authorization: `Bearer ${client.token}` };
    const response = await fetch(`${service.url}/tasks`, { method: 'POST', headers, body: form });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  const form = (fields: Record<string, string | Blob>) => {
    const made = new FormData();
    for (const [name, value] of Object.entries(fields)) made.set(name, value);
    return made;
  };
  const video = new Blob(['a few bytes']);
  assertProblem(await send(form({ profile: 'idrl' })), 400, 'invalid_form');
  assertProblem(await send(form({ film: video })), 400, 'invalid_form');
  assertProblem(await send(form({ video: new Blob([]) })), 400, 'source_empty');
  assertProblem(await send(form({ video, profile: 'vhs' })), 400, 'unknown_profile');
  assertProblem(await send(form({ video, priority: 'high' })), 400, 'invalid_request');
  assert.deepEqual((await client.ask('GET', '/tasks')).body, []);
  await sweepRemovals(service.db, service.storage);
  assert.deepEqual(await service.storage.list('sources/'), []);
});

test('an upload larger than allowed is cut off with 413', async (t) => {
  const service = await startService(t, { workers: 0, env: { SOURCE_MAX_BYTES: '1000' } });
  const client = await newClient(service.url);
  const form = new FormData();
  form.set('video', new Blob(['x'.repeat(5_000)]));
  const response = await fetch(`${service.url}/tasks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${client.token}` },
    body: form,
  });
  assert.equal(response.status, 413);
  assert.equal(((await response.json()) as ProblemBody).code, 'source_too_large');
});

test('an upload that breaks off leaves no task and no file', async (t) => {
  const { service, client } = await api(t);
  const cut = request(`${service.url}/tasks`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${client.token}`,
      'content-type': 'multipart/form-data; boundary=x',
      'content-length': '1000000',
    },
  });
  cut.on('error', () => {});
  cut.write('--x\r\ncontent-disposition: form-data; name="video"; filename="a.mp4"\r\n\r\nsome bytes');
  await until(async () => (await rows(service.db, 'select from removals')).length === 1, {
    what: 'the upload has begun',
  });
  cut.destroy();
  await until(() => sweepRemovals(service.db, service.storage).then((removed) => removed > 0), {
    what: 'the sweep has removed what the upload left',
  });
  assert.deepEqual(await service.storage.list('sources/'), []);
  assert.deepEqual((await client.ask('GET', '/tasks')).body, []);
});

test('every address answers problem+json when there is nothing, or the method is wrong', async (t) => {
  const { service } = await api(t);
  const nobody = clientWith(service.url, '');
  assertProblem(await nobody.ask('GET', '/nothing'), 404, 'not_found');
  const wrong = await nobody.ask('PATCH', '/tasks');
  assertProblem(wrong, 405, 'method_not_allowed');
  assert.match(wrong.headers.get('allow') ?? '', /POST/);
});

test('the service says whether it lives and is ready', async (t) => {
  const { service } = await api(t);
  const nobody = clientWith(service.url, '');
  assert.deepEqual((await nobody.ask('GET', '/livez')).body, { alive: true });
  const ready = await nobody.ask('GET', '/readyz');
  assert.equal(ready.status, 200);
  assert.deepEqual(ready.body, { ready: true, checks: { database: 'ok', queue: 'ok', storage: 'ok' } });
});

test('every route is described by the OpenAPI document', async (t) => {
  const { service } = await api(t);
  const nobody = clientWith(service.url, '');
  type Document = { openapi: string; paths: Record<string, object>; components: { schemas: object } };
  const { body } = await nobody.ask<Document>('GET', '/openapi.json');
  assert.match(body.openapi, /^3\.1/);
  for (const path of [
    '/auth/signup',
    '/auth/login',
    '/tasks',
    '/tasks/{id}',
    '/tasks/{id}/retry',
    '/profiles',
    '/livez',
  ]) {
    assert.ok(body.paths[path], path);
  }
  assert.ok('Task' in body.components.schemas);
  const profiles = await nobody.ask<{ name: string }[]>('GET', '/profiles');
  assert.deepEqual(profiles.body.map((profile) => profile.name).sort(), ['anb', 'hls', 'idrl', 'whole']);
});
