import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { test } from 'node:test';
import Koa from 'koa';
import { rows } from '../shared/db/connect.ts';
import { createLog } from '../shared/log.ts';
import { answerErrors } from '../web/answer-errors.ts';
import { endUnread, limitBodyTime } from '../web/limits/body-time.ts';
import { watchPace } from '../web/limits/pace.ts';
import { nameRequests, type RequestState } from '../web/requests.ts';
import { beginForm } from './kit/begin-form.ts';
import { newClient } from './kit/client.ts';
import type { ProblemBody } from './kit/problem.ts';
import { startService } from './kit/service.ts';

test('a form that comes too slowly is ended with words, and leaves nothing', async (t) => {
  const service = await startService(t, { workers: 0, env: { UPLOAD_SECONDS: '1' } });
  const client = await newClient(service.url);
  const form = beginForm(service.url, client.token);
  const drip = setInterval(() => form.write('x'), 50);
  const [response] = (await once(form, 'response', { signal: AbortSignal.timeout(10_000) })) as [IncomingMessage];
  clearInterval(drip);
  assert.equal(response.statusCode, 408);
  assert.equal(((await json(response)) as ProblemBody).code, 'upload_too_slow');
  assert.deepEqual(await rows(service.db, 'select * from uploads'), []);
  form.destroy();
});

test('a byte now and then does not keep a body or a connection', { timeout: 20_000 }, async (t) => {
  const app = new Koa<RequestState>();
  app.use(nameRequests(createLog('silent', 'test'), { LOG_FORMAT: 'plain' }));
  app.use(endUnread(200));
  app.use(answerErrors());
  app.use(
    limitBodyTime(async (ctx, next) => {
      if (ctx.path === '/read') await ctx.req.toArray();
      await next();
    }, 200),
  );
  app.use(async (ctx) => {
    if (ctx.path === '/pace') {
      const pace = watchPace(ctx.req, { seconds: 60, minBytesPerSecond: 1_000, windowSeconds: 0.2 });
      await once(pace.signal, 'abort');
      pace.stop();
      throw pace.signal.reason;
    }
    ctx.body = 'not read';
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as { port: number };
  for (const [path, status] of [
    ['/read', 408],
    ['/pace', 408],
    ['/unread', 200],
  ] as const) {
    const sending = request({ port, host: '127.0.0.1', path, method: 'POST' });
    sending.on('error', () => {});
    const drip = setInterval(() => sending.write('x'), 20);
    const closed = new Promise<void>((resolve) =>
      sending.once('socket', (socket) => socket.once('close', () => resolve())),
    );
    sending.flushHeaders();
    const [response] = (await once(sending, 'response')) as [IncomingMessage];
    assert.equal(response.statusCode, status, path);
    response.resume();
    await closed;
    clearInterval(drip);
  }
});
