import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rows } from '../shared/db/connect.ts';
import { forgeToken, openSession } from './kit/accounts.ts';
import { clientWith, type Client } from './kit/client.ts';
import { startService } from './kit/service.ts';

interface Expected {
  /** For whom the route does something. */
  for: 'all' | 'owners' | 'admins';
  /** A task in its path: another's is not there. */
  owned?: true;
  body?: object;
  /** What whoever may is answered. */
  status: number;
}

const ownProfile = {
  ...{ title: 'Mine', description: 'For tests.', part_seconds: 20, first_seconds: null, fps: 24, audio: null },
  ...{ frame: { fit: 'pad', width: 640, height: 360 }, video: { codec: 'h264', preset: 'veryfast', crf: 23 } },
  ...{ bumper: null, watermark: null },
};

/** A new route has to be entered here: who may do what is decided, and not found out later. */
const expected: Record<string, Expected> = {
  'get /': { for: 'all', status: 200 },
  'get /openapi.json': { for: 'all', status: 200 },
  'get /docs': { for: 'all', status: 200 },
  'get /collection.json': { for: 'all', status: 200 },
  'get /profiles': { for: 'all', status: 200 },
  'put /profiles/{name}': { for: 'owners', status: 200, body: ownProfile },
  'get /profiles/{name}': { for: 'owners', status: 200 },
  'delete /profiles/{name}': { for: 'owners', status: 204 },
  'get /livez': { for: 'all', status: 200 },
  'get /readyz': { for: 'all', status: 200 },
  'post /auth/signup': { for: 'all', status: 400, body: {} },
  'post /auth/login': { for: 'all', status: 400, body: {} },
  'post /auth/refresh': { for: 'all', status: 401, body: { refresh_token: 'unknown' } },
  'post /auth/logout': { for: 'all', status: 204, body: { refresh_token: 'unknown' } },
  'get /account': { for: 'owners', status: 200 },
  'post /auth/password': { for: 'owners', status: 400, body: {} },
  'post /tasks': { for: 'owners', status: 201, body: { url: 'https://example.com/video.mp4' } },
  'get /tasks': { for: 'owners', status: 200 },
  'get /tasks/{id}': { for: 'owners', owned: true, status: 200 },
  'get /tasks/{id}/events': { for: 'owners', owned: true, status: 200 },
  'get /events': { for: 'owners', status: 200 },
  'post /tasks/{id}/retry': { for: 'owners', owned: true, status: 409 },
  'post /tasks/{id}/replay': { for: 'owners', owned: true, status: 409, body: {} },
  'delete /tasks/{id}': { for: 'owners', owned: true, status: 200 },
  'post /uploads': { for: 'owners', status: 201, body: { bytes: 10, name: 'video.mp4' } },
  'delete /uploads/{id}': { for: 'owners', owned: true, status: 404 },
  'get /usage': { for: 'owners', status: 200 },
  'post /webhooks': { for: 'owners', status: 201, body: { url: 'https://example.com/hook' } },
  'get /webhooks': { for: 'owners', status: 200 },
  'get /webhooks/secret': { for: 'owners', status: 200 },
  'post /webhooks/secret': { for: 'owners', status: 200 },
  'get /webhooks/{webhook_id}/deliveries': { for: 'owners', owned: true, status: 200 },
  'post /deliveries/{delivery_id}/replay': { for: 'owners', owned: true, status: 200 },
  'delete /webhooks/{webhook_id}': { for: 'owners', owned: true, status: 204 },
  'get /tasks/{id}/deliveries': { for: 'owners', owned: true, status: 200 },
  'get /admin/fleet': { for: 'admins', status: 200 },
  'post /admin/fleet/pause': { for: 'admins', status: 200 },
  'post /admin/fleet/resume': { for: 'admins', status: 200 },
  'get /admin/audit': { for: 'admins', status: 200 },
  // Last, because it ends the sessions of those who ask.
  'post /auth/logout-everywhere': { for: 'owners', status: 204 },
};

test('every route lets in whom it should, and nobody else', async (t) => {
  const service = await startService(t, { workers: 0, env: { WEBHOOKS_AT_ONCE: '0' } });
  const [owner, other, admin] = [
    await openSession(service.url),
    await openSession(service.url),
    await openSession(service.url),
  ];
  await service.db.raw(`update users set role = 'admin' where id = ?`, [admin.account.id]);
  const { body: task } = await owner.client.ask<{ task_id: string }>('POST', '/tasks', {
    url: 'https://example.com/video.mp4',
  });
  const own = await makeDelivery(owner.client);
  const past = Math.floor(Date.now() / 1000) - 1000;
  const expired = await forgeToken(service.settings, owner.account.id, { payload: { iat: past, exp: past + 900 } });

  /** Those who ask, and what each is answered. The owner comes last: what is asked for is still there until then. */
  const asking: [string, string, (route: Expected) => number][] = [
    ['nobody', '', (route) => (route.for === 'all' ? route.status : 401)],
    ['expired', expired, (route) => (route.for === 'all' ? route.status : 401)],
    ['refresh as access', owner.refresh_token, (route) => (route.for === 'all' ? route.status : 401)],
    ['other owner', other.token, (route) => (route.for === 'admins' ? 403 : route.owned ? 404 : route.status)],
    ['admin', admin.token, (route) => (route.owned ? 404 : route.status)],
    ['owner', owner.token, (route) => (route.for === 'admins' ? 403 : route.status)],
  ];

  const { body: document } = await clientWith(service.url, '').ask<{ paths: Record<string, object> }>(
    'GET',
    '/openapi.json',
  );
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  assert.deepEqual(
    routes.toSorted(),
    Object.keys(expected).toSorted(),
    'every route has its line, every line its route',
  );

  let asked = 0;
  for (const [name, route] of Object.entries(expected)) {
    const [method = '', path = ''] = name.split(' ');
    const address = path.replaceAll(
      /\{(\w+)\}/g,
      (_, name: string) => ({ id: task.task_id, name: 'mine', ...own })[name] ?? '',
    );
    for (const [who, token, answer] of asking) {
      const got = await ask(new URL(address, service.url), method, token, route.body);
      assert.equal(got.status, answer(route), `${name} by ${who}`);
      if (got.status >= 400) assert.match(got.type, /^application\/problem\+json/);
      asked++;
    }
  }
  t.diagnostic(`${routes.length} routes × ${asking.length} who ask: ${asked} answers as expected`);
});

/** An endpoint, and what is to be sent there. */
async function makeDelivery(client: Client): Promise<Record<string, string>> {
  const { body: hook } = await client.ask<{ webhook_id: string }>('POST', '/webhooks', { url: 'https://example.com/' });
  const { task_id: ended } = await client.submit('https://example.com/video.mp4');
  await client.ask('DELETE', `/tasks/${ended}`);
  const { body: log } = await client.ask<{ delivery_id: string }[]>('GET', `/tasks/${ended}/deliveries`);
  return { webhook_id: hook.webhook_id, delivery_id: log[0]?.delivery_id ?? '' };
}

/** Looks at the head of the answer alone: a stream has no end. */
async function ask(url: URL, method: string, token: string, body?: object): Promise<{ status: number; type: string }> {
  const init: RequestInit = {
    method: method.toUpperCase(),
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
  };
  const response = await fetch(url, body ? { ...init, body: JSON.stringify(body) } : init);
  await response.body?.cancel();
  return { status: response.status, type: response.headers.get('content-type') ?? '' };
}

test("what another owner asks for leaves no trace in the owner's task", async (t) => {
  const service = await startService(t, { workers: 0 });
  const [owner, other] = [await openSession(service.url), await openSession(service.url)];
  const url = 'https://example.com/video.mp4';
  const { body: task } = await owner.client.ask<{ task_id: string }>('POST', '/tasks', { url });
  const { body: upload } = await owner.client.ask<{ upload_id: string }>('POST', '/uploads', {
    bytes: 5,
    name: 'a.mp4',
  });
  const state = () =>
    rows(service.db, 'select id, status, owner_id from tasks union all select id, name, owner_id from uploads');
  const before = await state();

  for (const method of ['DELETE', 'GET']) {
    assert.equal((await other.client.ask(method, `/tasks/${task.task_id}`)).status, 404);
  }
  assert.equal((await other.client.ask('POST', `/tasks/${task.task_id}/retry`)).status, 404);
  assert.equal((await other.client.ask('POST', '/tasks', { upload_id: upload.upload_id })).status, 404);
  assert.deepEqual((await other.client.ask('GET', '/tasks')).body, []);
  const cursor = Buffer.from('ffffffff-ffff-4fff-bfff-ffffffffffff').toString('base64url');
  assert.deepEqual((await other.client.ask('GET', `/tasks?cursor=${cursor}`)).body, []);
  // An Idempotency-Key is its owner's alone.
  const key = { 'Idempotency-Key': 'the same' };
  const mine = await owner.client.ask<{ task_id: string }>('POST', '/tasks', { url }, key);
  const theirs = await other.client.ask<{ task_id: string }>('POST', '/tasks', { url }, key);
  assert.notEqual(mine.body.task_id, theirs.body.task_id);
  const after = await state();
  for (const row of before) assert.ok(after.some((now) => JSON.stringify(now) === JSON.stringify(row)));
});
