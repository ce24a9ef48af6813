import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import { rows } from '../shared/db/connect.ts';
import { readSettings, SettingsError } from '../shared/env.ts';
import { createLog } from '../shared/log.ts';
import { openMetrics } from '../shared/metrics/open.ts';
import { openQueue } from '../shared/queue/open.ts';
import { startWeb } from '../web/start.ts';
import { clientWith, newClient } from './kit/client.ts';
import { assertProblem, type ProblemBody } from './kit/problem.ts';
import { startService } from './kit/service.ts';
import { until } from './kit/until.ts';

const VIDEO = 'https://example.com/video.mp4';

/** A web whose log can be read, and which waits as long as it is told to. */
async function loggedWeb(t: TestContext, idleMs?: number) {
  const service = await startService(t, { workers: 0 });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'claqueta-requests-'));
  const file = path.join(folder, 'log');
  const { db, storage, settings } = service;
  const { address } = service.parts;
  const log = createLog('info', 'web', { file });
  const queue = await openQueue(settings, db, address, log);
  const metrics = await openMetrics(settings, { db, log, job: 'web', name: 'test' });
  const web = await startWeb(
    { settings, db, address, queue, storage, metrics, log },
    idleMs === undefined ? {} : { idleMs },
  );
  // Through the other web, which waits as long as signing up takes.
  const client = clientWith(web.url, (await newClient(service.url)).token);
  t.after(() => rm(folder, { recursive: true, force: true }));
  // For the end of the test itself: the service's own hook, which ends the database, was set before.
  const stop = async () => {
    await web.stop();
    await queue.close();
    await metrics.close();
  };
  return { url: web.url, db, client, stop, lines: () => readFile(file, 'utf8') };
}

/** Sends bytes as they are. Answers the connection and what has come back on it. */
function sendRaw(t: TestContext, url: string, text: string): { socket: Socket; answer: () => string } {
  let answer = '';
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname, () => socket.write(text));
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  socket.on('data', (chunk) => (answer += chunk.toString()));
  return { socket, answer: () => answer };
}

async function answerTo(t: TestContext, url: string, text: string): Promise<string> {
  const { socket, answer } = sendRaw(t, url, text);
  await until(() => socket.closed, { what: 'the connection is closed' });
  return answer();
}

test('a Host that is none is refused with words, but balancers need none', async (t) => {
  const service = await startService(t, { workers: 0 });
  const { token } = await newClient(service.url);
  const ask = (route: string, version: string, host: string) =>
    answerTo(
      t,
      service.url,
      `GET ${route} HTTP/${version}\r\n${host}authorization: Bearer ${token}\r\nconnection: close\r\n\r\n`,
    );
  for (const [version, host] of [
    ['1.0', ''],
    ['1.1', 'Host:\r\n'],
    ['1.1', 'Host: [nonsense\r\n'],
    ['1.1', 'Host: a b\r\n'],
  ] as const) {
    const answer = await ask('/tasks', version, host);
    assert.match(answer, /^HTTP\/1\.1 400 /, host);
    assert.match(answer, /"code":"invalid_host"/);
    for (const route of ['/livez', '/readyz']) assert.match(await ask(route, version, host), /^HTTP\/1\.1 200 /);
  }
  assert.match(await ask('/tasks', '1.1', 'Host: example.com:8080\r\n'), /^HTTP\/1\.1 200 /);
});

test('behind a proxy it does not matter what the Host is', async (t) => {
  const service = await startService(t, { workers: 0, env: { PUBLIC_URL: 'https://video.example.com' } });
  const answer = await answerTo(t, service.url, 'GET / HTTP/1.1\r\nHost: [nonsense\r\nconnection: close\r\n\r\n');
  assert.match(answer, /^HTTP\/1\.1 200 /);
});

test('a body that is not sent as JSON is told so, an absent one what is missing', async (t) => {
  const service = await startService(t, { workers: 0 });
  const { token } = await newClient(service.url);
  const post = async (route: string, init: RequestInit) => {
    const headers = { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string> | undefined) };
    const response = await fetch(service.url + route, { ...init, method: 'POST', headers });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  const text = JSON.stringify({ url: VIDEO });
  for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/xml']) {
    const headers = { 'content-type': type };
    const problem = assertProblem(await post('/tasks', { body: text, headers }), 415, 'unsupported_media_type');
    assert.match(problem.detail, /Content-Type: application\/json/);
  }
  assertProblem(await post('/tasks', { body: new TextEncoder().encode(text) }), 415, 'unsupported_media_type');
  assertProblem(await post('/auth/login', { body: new FormData() }), 415, 'unsupported_media_type');
  const absent = assertProblem(await post('/tasks', {}), 400, 'invalid_request');
  assert.equal(absent.errors?.[0]?.field, 'url');
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  assert.equal((await post('/tasks', { body: text, headers })).status, 201);
});

test('a client that stops in the middle of a body does not keep its connection', async (t) => {
  const { url, stop } = await loggedWeb(t, 300);
  try {
    const half =
      'POST /auth/login HTTP/1.1\r\nHost: a\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{"em';
    assert.equal(await answerTo(t, url, half), '');
  } finally {
    await stop();
  }
});

for (const [how, leave] of [
  ['closes', (socket: Socket) => socket.destroy()],
  ['resets', (socket: Socket) => socket.resetAndDestroy()],
] as const) {
  test(`an upload whose client ${how} its connection is no error of ours in the log`, async (t) => {
    const { url, db, client, stop, lines } = await loggedWeb(t);
    try {
      const cut = request(`${url}/tasks`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${client.token}`,
          'content-type': 'multipart/form-data; boundary=x',
          'content-length': '1000000',
        },
      });
      cut.on('error', () => {});
      cut.write('--x\r\ncontent-disposition: form-data; name="video"; filename="a.mp4"\r\n\r\nsome bytes');
      await until(async () => (await rows(db, 'select from removals')).length === 1, { what: 'the upload has begun' });
      assert.ok(cut.socket);
      leave(cut.socket);
      const line = await until(
        async () => (await lines()).split('\n').find((text) => text.includes('"path":"/tasks"')),
        { what: 'the request is logged' },
      );
      assert.match(line, /"level":"info".*"status":499/);
      assert.doesNotMatch(await lines(), /"stack"|"level":"(error|warn)"/);
    } finally {
      await stop();
    }
  });
}

test('a key whose task is removed at the same moment is answered with words', async (t) => {
  const service = await startService(t, { workers: 0 });
  const client = await newClient(service.url);
  const post = () => client.ask('POST', '/tasks', { url: VIDEO }, { 'Idempotency-Key': 'raced' });
  assert.equal((await post()).status, 201);
  // Takes the task away between the insert that meets its key and the look for it.
  await service.db.raw(`
    create function race() returns trigger language plpgsql as $$ begin delete from tasks; return null; end $$;
    create trigger race after insert on tasks for each statement execute function race()`);
  assertProblem(await post(), 409, 'idempotency_key_removed');
});

test('an upload for an unknown profile is refused before its file has come', async (t) => {
  const service = await startService(t, { workers: 0 });
  const client = await newClient(service.url);
  const sending = request(`${service.url}/tasks`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${client.token}`,
      'content-type': 'multipart/form-data; boundary=x',
      'content-length': '1000000',
    },
  });
  sending.on('error', () => {});
  const answered = once(sending, 'response', { signal: AbortSignal.timeout(10_000) });
  sending.write('--x\r\ncontent-disposition: form-data; name="profile"\r\n\r\nvhs\r\n');
  sending.write('--x\r\ncontent-disposition: form-data; name="video"; filename="a.mp4"\r\n\r\nsome bytes');
  const [response] = (await answered) as [IncomingMessage];
  assert.equal(response.statusCode, 400);
  assert.equal(((await json(response)) as ProblemBody).code, 'unknown_profile');
  sending.destroy();
});

test('a port that no machine has is refused with the other settings', () => {
  for (const name of ['PORT', 'HEALTH_PORT']) {
    assert.throws(
      () => readSettings({ [name]: '65536' }),
      (error) => error instanceof SettingsError && error.message.includes(`${name}: `),
    );
    readSettings({ [name]: '65535' });
  }
});
