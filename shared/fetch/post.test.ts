import assert from 'node:assert/strict';
import { test } from 'node:test';
import { postGuarded } from './post.ts';
import { startDns } from './test-kit/dns.ts';
import { serve, serveCanary, serveRaw } from './test-kit/server.ts';

const posting = { body: '{"a":"ä"}', headers: { 'content-type': 'application/json' }, limitMs: 2_000 };

test('a body arrives as it is, and the status is what is answered', async (t) => {
  let came = '';
  const server = await serve(t, (request, response) => {
    request.on('data', (chunk: Buffer) => (came += chunk.toString()));
    request.on('end', () => response.writeHead(202).end('x'.repeat(100_000)));
  });
  assert.deepEqual(await postGuarded(`http://${server.at}/hook`, { ...posting, allow: [server.at] }), { status: 202 });
  assert.equal(came, posting.body);
});

test('a redirect is an answer and leads nowhere', async (t) => {
  const canary = await serveCanary(t);
  const server = await serve(t, (_request, response) =>
    response.writeHead(307, { location: `http://${canary.at}/` }).end(),
  );
  assert.deepEqual(await postGuarded(`http://${server.at}/`, { ...posting, allow: [server.at, canary.at] }), {
    status: 307,
  });
  assert.equal(canary.connections(), 0);
});

test('nothing private is asked, neither as it is written nor as its name turns out', async (t) => {
  const canary = await serveCanary(t);
  const { lookup } = await startDns(t, { 'hook.attacker.com': [['127.0.0.1']] });
  for (const url of [`http://${canary.at}/`, 'http://127.0.0.1/', 'http://[::1]/', 'http://hook.attacker.com/']) {
    assert.deepEqual(await postGuarded(url, { ...posting, allow: [], lookup }), { error: 'refused' }, url);
  }
  assert.equal(canary.connections(), 0);
});

test('whoever does not answer in time is left, and whoever is not there is told apart', async (t) => {
  const silent = await serveRaw(t, () => {});
  const dripping = await serveRaw(t, (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n.'));
  const ask = (at: string) => postGuarded(`http://${at}/`, { ...posting, allow: [at], limitMs: 300 });
  assert.deepEqual(await ask(silent.at), { error: 'too_slow' });
  // The status came: how the body ends is of no interest.
  assert.deepEqual(await ask(dripping.at), { status: 200 });
  assert.deepEqual(await ask('127.0.0.1:1'), { error: 'unreachable' });
});

test('an answer that changes the protocol, or none at all, ends it at once', async (t) => {
  const switching = await serveRaw(t, (socket) =>
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
  );
  const closing = await serveRaw(t, (socket) => socket.end());
  for (const { at } of [switching, closing]) {
    const began = performance.now();
    const limitMs = 60_000;
    assert.deepEqual(await postGuarded(`http://${at}/`, { ...posting, allow: [at], limitMs }), {
      error: 'unreachable',
    });
    assert.ok(performance.now() - began < limitMs / 2);
  }
});

test('a caller that stops ends it at once, with its reason', async (t) => {
  const silent = await serveRaw(t, () => stop.abort(new Error('stopping')));
  const stop = new AbortController();
  const asking = postGuarded(`http://${silent.at}/`, { ...posting, allow: [silent.at], signal: stop.signal });
  await assert.rejects(asking, /stopping/);
});
