import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import type { Socket } from 'node:net';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { DownloadOptions } from './download.ts';
import { withPresets } from './limits.ts';
import { prepareAttempt, roomy } from './test-kit/attempt.ts';
import { startDns } from './test-kit/dns.ts';
import { serve, serveRaw } from './test-kit/server.ts';
import { signpost } from './test-kit/signpost.ts';

const head = 'HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n';

/** Sends a text again and again, until the client has had enough. */
function repeat(socket: Socket, text: string, everyMs: number): void {
  const timer = setInterval(() => socket.write(text), everyMs);
  socket.on('close', () => clearInterval(timer));
}

function serveDrops(t: TestContext) {
  return serveRaw(t, (socket) => {
    socket.write(head);
    repeat(socket, 'x', 10);
  });
}

test('the waits that nobody sets are those of the design', () => {
  const limits = { maxBytes: 1, wallSeconds: 1, minBytesPerSecond: 1 };
  const waits = { windowSeconds: 30, connectSeconds: 5, headersSeconds: 10, pauseSeconds: 1 };
  assert.deepEqual(withPresets(limits), { ...limits, ...waits, tries: 5 });
});

test('a source that comes byte by byte is given up', async (t) => {
  const attempt = await prepareAttempt(t);
  const server = await serveDrops(t);
  const limits = { ...roomy, minBytesPerSecond: 1000, windowSeconds: 0.2 };
  const problem = await attempt.fails('source_timeout', { url: `http://${server.at}/`, allow: [server.at], limits });
  assert.match(problem.detail ?? '', /bytes a second/);
  assert.equal(server.connections(), 1, 'a slow server is not asked to be slow again');
});

test('a source that stops coming is tried on another connection, and given up', async (t) => {
  const attempt = await prepareAttempt(t);
  const server = await serveRaw(t, (socket) => socket.write(head + 'x'.repeat(900)));
  const limits = { ...roomy, minBytesPerSecond: 1000, windowSeconds: 0.2, tries: 2 };
  await attempt.fails('source_unreachable', { url: `http://${server.at}/`, allow: [server.at], limits });
  assert.equal(server.connections(), 2);
});

test('a source that is slow enough to outlast the rate meets the wall', async (t) => {
  const attempt = await prepareAttempt(t);
  const server = await serveDrops(t);
  const limits = { ...roomy, wallSeconds: 0.3 };
  const problem = await attempt.fails('source_timeout', { url: `http://${server.at}/`, allow: [server.at], limits });
  assert.match(problem.detail ?? '', /not complete/);
  assert.equal(server.connections(), 1);
});

test('the wall stands around redirects, too', async (t) => {
  const attempt = await prepareAttempt(t);
  const server = await serveRaw(t, () => {});
  const limits = { ...roomy, wallSeconds: 0.2 };
  await attempt.fails('source_timeout', { url: `http://${server.at}/`, allow: [server.at], limits });
});

test('a wall of many years does not fall at once', async (t) => {
  const attempt = await prepareAttempt(t);
  const server = await serve(t, (_request, response) => setTimeout(() => response.end('video'), 20));
  const limits = { ...roomy, wallSeconds: Number.MAX_SAFE_INTEGER };
  await attempt.run({ url: `http://${server.at}/`, allow: [server.at], limits });
});

test('a server that takes the request and says nothing did not answer', async (t) => {
  const attempt = await prepareAttempt(t);
  const server = await serveRaw(t, () => {});
  const limits = { ...roomy, headersSeconds: 0.2 };
  const problem = await attempt.fails('source_unreachable', {
    url: `http://${server.at}/`,
    allow: [server.at],
    limits,
  });
  assert.ok(problem.retryable);
});

const teasers = {
  'says only that it will answer': 'HTTP/1.1 103 Early Hints\r\n\r\n',
  'never finishes its headers': 'x-more: 1\r\n',
};
for (const [tease, text] of Object.entries(teasers)) {
  test(`a server that ${tease} does not hold us`, async (t) => {
    const attempt = await prepareAttempt(t);
    const server = await serveRaw(t, (socket) => {
      if (!text.startsWith('HTTP')) socket.write('HTTP/1.1 200 OK\r\n');
      repeat(socket, text, 20);
    });
    const limits = { ...roomy, connectSeconds: 0.1, headersSeconds: 0.3 };
    await attempt.fails('source_unreachable', { url: `http://${server.at}/`, allow: [server.at], limits });
  });
}

test('headers without end are not kept', async (t) => {
  const attempt = await prepareAttempt(t);
  const server = await serveRaw(t, (socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nx-large: ${'x'.repeat(100_000)}`);
  });
  const problem = await attempt.fails('source_unreachable', { url: `http://${server.at}/`, allow: [server.at] });
  assert.match(problem.detail ?? '', /HPE_HEADER_OVERFLOW/);
});

test('a name server that says nothing does not hold us', async (t) => {
  const attempt = await prepareAttempt(t);
  const { lookup } = await startDns(t, { 'slow.attacker.com': 'silence' });
  const limits = { ...roomy, connectSeconds: 0.2 };
  const problem = await attempt.fails('source_unreachable', { url: 'http://slow.attacker.com/', lookup, limits });
  assert.match(problem.detail ?? '', /no connection in 0.2 s/);
});

test('a server that hangs up at once is not asked for ever', async (t) => {
  const attempt = await prepareAttempt(t);
  const server = await serve(t, (request) => request.socket.destroy());
  await attempt.fails('source_unreachable', { url: `http://${server.at}/`, allow: [server.at] });
  assert.equal(server.connections(), 1);
});

test('a closed port did not answer', async (t) => {
  const attempt = await prepareAttempt(t);
  const options = { url: 'http://127.0.0.1:1/', allow: ['127.0.0.1:1'] };
  const problem = await attempt.fails('source_unreachable', options);
  assert.match(problem.detail ?? '', /ECONNREFUSED/);
});

/** Cancels once `reached` is called, and tells how long the download needed to notice. */
async function cancel(t: TestContext, url: string, reached: Promise<unknown>, options: Partial<DownloadOptions> = {}) {
  const attempt = await prepareAttempt(t);
  const caller = new AbortController();
  const reason = new Error('the task was cancelled');
  const running = attempt.run({ url, allow: [new URL(url).host], signal: caller.signal, ...options });
  const outcome = running.catch((error: unknown) => error);
  await reached;
  const start = performance.now();
  caller.abort(reason);
  assert.equal(await outcome, reason);
  assert.ok(performance.now() - start < 500, 'not prompt');
  assert.deepEqual(await readdir(path.dirname(attempt.to)), []);
}

test('a download is cancelled before it begins', async (t) => {
  const attempt = await prepareAttempt(t);
  const reason = new Error('too late');
  const running = attempt.run({ url: 'http://127.0.0.1/', signal: AbortSignal.abort(reason) });
  assert.equal(await running.catch((error: unknown) => error), reason);
});

test('a download is cancelled while its name is looked up', async (t) => {
  const { lookup, asked } = await startDns(t, { 'slow.attacker.com': 'silence' });
  const { reached, told } = signpost();
  const telling: typeof lookup = (...question) => {
    lookup(...question);
    told();
  };
  await cancel(t, 'http://slow.attacker.com:8080/', reached, { lookup: telling });
  assert.ok(asked.length <= 2);
});

test('a download is cancelled while TLS is agreed on', async (t) => {
  const { reached, told } = signpost();
  const server = await serveRaw(t, told);
  await cancel(t, `https://${server.at}/`, reached);
});

test('a download is cancelled while the server thinks', async (t) => {
  const { reached, told } = signpost();
  const server = await serveRaw(t, told);
  await cancel(t, `http://${server.at}/`, reached);
});

test('a download is cancelled with its last byte', async (t) => {
  const { reached, told } = signpost();
  const server = await serveRaw(t, (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfour'));
  await cancel(t, `http://${server.at}/`, reached, { onProgress: told });
});

test('a download is cancelled midway', async (t) => {
  const { reached, told } = signpost();
  const server = await serveRaw(t, (socket) => socket.write(head + 'half'));
  await cancel(t, `http://${server.at}/`, reached, { onProgress: told });
  assert.equal(server.connections(), 1);
});
