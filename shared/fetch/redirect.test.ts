import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test, type TestContext } from 'node:test';
import { prepareAttempt, roomy } from './test-kit/attempt.ts';
import { startDns } from './test-kit/dns.ts';
import { serve, serveCanary, serveRaw } from './test-kit/server.ts';

/** Redirects `/3` to `/2` and so on; `/0` is the video. */
function serveStairs(t: TestContext) {
  return serve(t, (request, response) => {
    const left = Number(request.url?.slice(1));
    if (left === 0) response.end('video');
    else response.writeHead(302, { location: `/${left - 1}` }).end('moved');
  });
}

test('three redirects are followed, and told', async (t) => {
  const attempt = await prepareAttempt(t);
  const server = await serveStairs(t);
  const done = await attempt.run({ url: `http://${server.at}/3`, allow: [server.at] });
  assert.equal(done.hops, 3);
  assert.equal(done.finalUrl, `http://${server.at}/0`);
  assert.equal(await readFile(attempt.to, 'utf8'), 'video');
  assert.equal(server.connections(), 4, 'each hop dials anew, and so is checked anew');
});

test('a server that redirects is left before the next one is asked', async (t) => {
  const attempt = await prepareAttempt(t);
  let left: () => void;
  const gone = new Promise<void>((resolve) => (left = resolve));
  const next = await serve(t, (_request, response) => void gone.then(() => response.end('video')));
  const first = await serveRaw(t, (socket) => {
    socket.on('close', () => left());
    socket.write(`HTTP/1.1 302 Found\r\nlocation: http://${next.at}/\r\ncontent-length: 1000\r\n\r\nmoved`);
  });
  const limits = { ...roomy, headersSeconds: 2 };
  await attempt.run({ url: `http://${first.at}/`, allow: [first.at, next.at], limits });
});

test('a fourth redirect is not followed', async (t) => {
  const attempt = await prepareAttempt(t);
  const server = await serveStairs(t);
  const problem = await attempt.fails('source_denied', { url: `http://${server.at}/4`, allow: [server.at] });
  assert.equal(server.connections(), 4);
  assert.equal(problem.retryable, false);
});

test('a redirect to itself ends', async (t) => {
  const attempt = await prepareAttempt(t);
  const server = await serve(t, (_request, response) => response.writeHead(301, { location: '' }).end());
  await attempt.fails('source_denied', { url: `http://${server.at}/`, allow: [server.at] });
  assert.equal(server.connections(), 4);
});

test('a redirect to a private server is not followed, on whatever way it is named', async (t) => {
  const attempt = await prepareAttempt(t);
  const canary = await serveCanary(t);
  const { port } = canary;
  const { lookup } = await startDns(t, { 'ten.attacker.com': [['127.0.0.1']] });
  let location = '';
  const server = await serve(t, (_request, response) => response.writeHead(307, { location }).end());
  for (location of [
    `http://127.0.0.1:${port}/`,
    `//127.0.0.1:${port}/`,
    `/\\127.0.0.1:${port}/`,
    `\\\\127.0.0.1:${port}\\`,
    `http:\\\\127.0.0.1:${port}\\`,
    `http:127.0.0.1:${port}`,
    `//127.1:${port}/`,
    `http://x@127.0.0.1:${port}/`,
    'http://127.0.0.1/',
    'http://ten.attacker.com/',
    '//ten.attacker.com/',
    'file:///etc/passwd',
    'data:video/mp4;base64,AAAA',
  ])
    await attempt.fails('source_refused', { url: `http://${server.at}/`, allow: [server.at], lookup });
  assert.equal(canary.connections(), 0);
});

test('a name that turns private between two hops is not followed', async (t) => {
  const attempt = await prepareAttempt(t);
  const canary = await serveCanary(t);
  const server = await serve(t, (_request, response) =>
    response.writeHead(302, { location: 'http://turn.attacker.com/' }).end(),
  );
  const dns = await startDns(t, { 'turn.attacker.com': [['127.0.0.1'], ['169.254.169.254']] });
  const start = `turn.attacker.com:${server.port}`;
  const problem = await attempt.fails('source_refused', {
    url: `http://${start}/`,
    allow: [start],
    lookup: dns.lookup,
  });
  assert.match(problem.detail ?? '', /169\.254\.169\.254/, 'the operator is told');
  assert.doesNotMatch(problem.message, /169|turn/, 'the owner is not');
  assert.equal(server.connections(), 1);
  assert.equal(canary.connections(), 0);
});

test('letters and spaces in a location are repaired as browsers do it', async (t) => {
  const attempt = await prepareAttempt(t);
  let path: string | undefined;
  const server = await serveRaw(t, (socket, head) => {
    path = head.split(' ')[1];
    if (path !== '/') socket.end('HTTP/1.0 200 OK\r\n\r\nvideo');
    else socket.end(Buffer.from('HTTP/1.1 302 Found\r\nlocation: /vídeo à la une.mp4\r\ncontent-length: 0\r\n\r\n'));
  });
  await attempt.run({ url: `http://${server.at}/`, allow: [server.at] });
  assert.equal(path, '/v%C3%ADdeo%20%C3%A0%20la%20une.mp4');
});
