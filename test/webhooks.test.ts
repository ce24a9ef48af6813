import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { z } from 'zod';
import type { deliverySchema } from '../web/webhooks/schema.ts';
import { openSession } from './kit/accounts.ts';
import { newClient, type Client } from './kit/client.ts';
import { logged, startProgram } from './kit/program.ts';
import { startService, type Service } from './kit/service.ts';
import { until } from './kit/until.ts';

type Delivery = z.infer<typeof deliverySchema>;

interface Arrived {
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Keeps what arrives and answers as told, by path. */
async function startReceiver(t: TestContext, answer: (arrived: Arrived, nth: number, to: ServerResponse) => void) {
  const arrived: Arrived[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const one = { path: request.url ?? '', headers: request.headers, body };
      arrived.push(one);
      answer(one, arrived.filter(({ path }) => path === one.path).length, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const at = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { at, arrived, at_path: (name: string) => arrived.filter((one) => one.path === name) };
}

/** A task that ends at once, because it is aborted. */
async function endedTask(client: Client, callback?: string): Promise<string> {
  const more = callback === undefined ? {} : { callback_url: callback };
  const { task_id } = await client.submit('https://example.com/video.mp4', more);
  await client.ask('DELETE', `/tasks/${task_id}`);
  return task_id;
}

async function deliveriesOf(client: Client, task: string): Promise<Delivery[]> {
  return (await client.ask<Delivery[]>('GET', `/tasks/${task}/deliveries`)).body;
}

/** Waits for the first delivery of a task to be as it should. */
function delivery(client: Client, task: string, met: (one: Delivery) => boolean, what: string): Promise<Delivery> {
  return until(async () => (await deliveriesOf(client, task)).find(met), { what, every: 50 });
}

/** The wait for the next attempt, and a lease that somebody lost, are over. */
async function letTimePass(service: Service): Promise<void> {
  await service.db.raw(`update deliveries set due_at = now(), sending_until = null where state = 'waiting'`);
  // Or it would be looked for only after some seconds.
  await service.db.raw(`select pg_notify('claqueta_changes', 'nobody nothing')`);
}

test('receivers that fail, are slow or lead elsewhere are asked again, and the log tells of each attempt', async (t) => {
  const receiver = await startReceiver(t, ({ path }, nth, response) => {
    if (path === '/fails-twice') response.writeHead(nth < 3 ? 500 : 204).end();
    else if (path === '/elsewhere') response.writeHead(302, { location: 'http://127.0.0.1:1/private' }).end();
    else if (path === '/gone') response.writeHead(410).end();
    // Slow: no answer at all.
  });
  const env = { WEBHOOK_ALLOW: receiver.at, WEBHOOK_SECONDS: '1' };
  const service = await startService(t, { workers: 0, env });
  const client = await newClient(service.url);
  const tasks: Record<string, string> = {};
  for (const name of ['slow', 'fails-twice', 'elsewhere', 'gone'])
    tasks[name] = await endedTask(client, `http://${receiver.at}/${name}`);

  const tried = (name: string, times: number) =>
    delivery(
      client,
      tasks[name] ?? '',
      ({ attempts }) => attempts.filter(({ ms }) => ms !== null).length === times,
      `${name} was tried ${times} times`,
    );
  const first = await tried('fails-twice', 1);
  assert.equal(first.state, 'waiting');
  const seconds = (Date.parse(first.next_at ?? '') - Date.parse(first.attempts[0]?.at ?? '')) / 1000;
  assert.ok(seconds > 7 && seconds < 14, `the next after ${seconds} s`);
  const answers = async (name: string, times: number) =>
    (await tried(name, times)).attempts.map(({ status, error }) => [status, error]);
  assert.deepEqual(await answers('gone', 1), [[410, 'gone']]);
  await answers('slow', 1);
  await letTimePass(service);
  await answers('fails-twice', 2);
  await letTimePass(service);
  assert.deepEqual(await answers('fails-twice', 3), [
    [500, 'answered'],
    [500, 'answered'],
    [204, null],
  ]);
  assert.equal((await tried('fails-twice', 3)).state, 'delivered');
  assert.equal((await tried('gone', 1)).state, 'given_up');

  const elsewhere = await delivery(
    client,
    tasks.elsewhere ?? '',
    ({ attempts }) => attempts.length > 1,
    'a second try',
  );
  assert.deepEqual([elsewhere.attempts[0]?.status, elsewhere.attempts[0]?.error], [302, 'redirected']);
  const slow = await delivery(client, tasks.slow ?? '', ({ attempts }) => attempts.length > 1, 'a second try');
  assert.deepEqual([slow.attempts[0]?.status, slow.attempts[0]?.error], [null, 'too_slow']);
  assert.ok((slow.attempts[0]?.ms ?? 0) >= 990, `left after ${slow.attempts[0]?.ms} ms`);

  const ids = receiver.at_path('/fails-twice').map(({ headers }) => headers['claqueta-delivery']);
  assert.deepEqual(new Set(ids), new Set([first.delivery_id]), 'one id in all attempts');
  assert.deepEqual(
    receiver.at_path('/fails-twice').map(({ headers }) => headers['claqueta-attempt']),
    ['1', '2', '3'],
  );

  // After a day it is given up, and sent again when asked for.
  await service.db.raw(`update deliveries set give_up_at = now() where state = 'waiting'`);
  await letTimePass(service);
  const lost = await delivery(client, tasks.elsewhere ?? '', ({ state }) => state === 'given_up', 'given up');
  assert.equal(lost.next_at, null);
  const again = await client.ask<Delivery>('POST', `/deliveries/${lost.delivery_id}/replay`);
  assert.equal(again.body.state, 'waiting');
  await delivery(client, tasks.elsewhere ?? '', ({ attempts }) => attempts.length > lost.attempts.length, 'sent again');
});

test('what is sent is signed as the documentation verifies it', async (t) => {
  const receiver = await startReceiver(t, (_arrived, _nth, response) => response.end());
  const service = await startService(t, { workers: 0, env: { WEBHOOK_ALLOW: receiver.at } });
  const client = await newClient(service.url);
  const added = await client.ask<{ webhook_id: string; secret: string }>('POST', '/webhooks', {
    url: `http://${receiver.at}/endpoint`,
    events: ['task.cancelled'],
  });
  assert.match(added.body.secret, /^whsec_/);
  assert.ok(!JSON.stringify((await client.ask('GET', '/webhooks')).body).includes('whsec_'), 'shown once');
  const unheard = { url: `http://${receiver.at}/unheard`, events: ['task.succeeded'] };
  assert.equal((await client.ask('POST', '/webhooks', unheard)).status, 201);

  const task = await endedTask(client, `http://${receiver.at}/callback`);
  const [endpoint, callback] = await until(
    () => {
      const found = ['/endpoint', '/callback'].map((name) => receiver.at_path(name)[0]);
      return found.every((one) => one) && (found as Arrived[]);
    },
    { what: 'both have arrived' },
  );
  assert.ok(endpoint && callback);
  assert.equal(receiver.at_path('/unheard').length, 0);
  const own = await client.ask<{ secret: string }>('GET', '/webhooks/secret');
  const verify = await documentedVerify();
  const shown = (one: Arrived) => String(one.headers['claqueta-signature']);
  assert.ok(verify(shown(endpoint), endpoint.body, added.body.secret));
  assert.ok(verify(shown(callback), callback.body, own.body.secret));
  assert.ok(!verify(shown(callback), callback.body, added.body.secret), 'with another secret');
  assert.ok(!verify(shown(callback), `${callback.body} `, own.body.secret), 'with another body');
  assert.ok(!verify(shown(callback), callback.body, own.body.secret, Date.now() / 1000 + 400), 'too old');
  const told = JSON.parse(callback.body) as { event: string; task: { task_id: string; status: string } };
  assert.equal(told.event, 'task.cancelled');
  assert.deepEqual([told.task.task_id, told.task.status], [task, 'cancelled']);
  const log = await client.ask<Delivery[]>('GET', `/webhooks/${added.body.webhook_id}/deliveries`);
  assert.deepEqual(
    log.body.map(({ task_id, event }) => [task_id, event]),
    [[task, 'task.cancelled']],
  );
});

/** The example of docs/webhooks.md, run as it stands. */
async function documentedVerify(): Promise<(header: string, body: string, secret: string, now?: number) => boolean> {
  const text = await readFile(path.join(import.meta.dirname, '../docs/webhooks.md'), 'utf8');
  const code = /```js\n([^]*?)```/.exec(text)?.[1] ?? '';
  const module = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as { verify: never };
  return module.verify;
}

test('private addresses are refused when they are given, and there are five endpoints at most', async (t) => {
  const service = await startService(t, { workers: 0, env: { WEBHOOKS_AT_ONCE: '0' } });
  const client = await newClient(service.url);
  for (const url of ['http://127.0.0.1/', 'http://[fd20:ce::254]/', 'http://metadata.google.internal/', 'ftp://a.b/']) {
    const asked = [
      await client.ask<{ code: string }>('POST', '/webhooks', { url }),
      await client.ask<{ code: string }>('POST', '/tasks', { url: 'https://example.com/a.mp4', callback_url: url }),
    ];
    for (const { status, body } of asked) assert.deepEqual([status, body.code], [400, 'receiver_refused'], url);
  }
  const add = () => client.ask('POST', '/webhooks', { url: 'https://example.com/' });
  const statuses = (await Promise.all(Array.from({ length: 7 }, add))).map(({ status }) => status);
  assert.deepEqual(statuses.sort(), [201, 201, 201, 201, 201, 409, 409]);
});

test('one owner with slow receivers does not hold up another', async (t) => {
  const receiver = await startReceiver(t, ({ path }, _nth, response) => {
    if (path === '/quick') response.end();
  });
  const env = { WEBHOOK_ALLOW: receiver.at, WEBHOOK_SECONDS: '60' };
  const service = await startService(t, { workers: 0, env });
  const [slow, quick] = [(await openSession(service.url)).client, (await openSession(service.url)).client];
  await Promise.all(Array.from({ length: 6 }, () => endedTask(slow, `http://${receiver.at}/slow`)));
  await until(() => receiver.at_path('/slow').length === 2, { what: 'two are under way' });
  const sending = String(receiver.at_path('/slow')[0]?.headers['claqueta-delivery']);
  assert.equal((await slow.ask('POST', `/deliveries/${sending}/replay`)).status, 409, 'just being sent');
  assert.equal((await quick.ask('POST', `/deliveries/${sending}/replay`)).status, 404);
  const task = await endedTask(quick, `http://${receiver.at}/quick`);
  await delivery(quick, task, ({ state }) => state === 'delivered', 'the other is told');
  assert.equal(receiver.at_path('/slow').length, 2, 'no more than two at once');
});

test('a web process killed while it sends costs a repeat, under the same id', async (t) => {
  let die = () => {};
  const receiver = await startReceiver(t, (_arrived, nth, response) => {
    if (nth === 1) die();
    else response.end();
  });
  const env = { WEBHOOK_ALLOW: receiver.at, WEBHOOKS_AT_ONCE: '0' };
  const service = await startService(t, { workers: 0, env });
  const client = await newClient(service.url);
  const web = startProgram(t, 'web/main.ts', { ...service.env, LOG_LEVEL: 'info', WEBHOOKS_AT_ONCE: '4' });
  die = () => web.kill('SIGKILL');
  await logged(web, /web ready/);
  const task = await endedTask(client, `http://${receiver.at}/hook`);
  assert.equal(await web.ended, 'SIGKILL');
  const [left] = await deliveriesOf(client, task);
  assert.deepEqual(
    left?.attempts.map(({ ms }) => ms),
    [null],
    'the attempt is in the log, without an end',
  );
  await letTimePass(service);
  const other = startProgram(t, 'web/main.ts', { ...service.env, LOG_LEVEL: 'info', WEBHOOKS_AT_ONCE: '4' });
  const told = await delivery(client, task, ({ state }) => state === 'delivered', 'told by another');
  assert.deepEqual(
    receiver.arrived.map(({ headers }) => headers['claqueta-delivery']),
    [told.delivery_id, told.delivery_id],
  );
  other.kill('SIGTERM');
  assert.equal(await other.ended, 0);
});
