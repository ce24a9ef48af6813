import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { prepareAttempt, roomy } from './test-kit/attempt.ts';
import { startDns } from './test-kit/dns.ts';
import { serveCanary } from './test-kit/server.ts';
import { signpost } from './test-kit/signpost.ts';
import {
  broken,
  brokenChunks,
  etag,
  firstByte,
  rangeFrom,
  rest,
  serveTurns,
  sha256,
  status,
  video,
  type Answer,
} from './test-kit/turns.ts';

/** Sends no more than a piece on each connection. */
const piece = 10_000;
const inPieces: Answer = (request, response, breakOff) => {
  const from = firstByte(request);
  const head = { etag, 'content-length': video.length - from };
  if (from === 0) response.writeHead(200, head);
  else response.writeHead(206, { ...head, 'content-range': rangeFrom(from) });
  response.write(video.subarray(from, from + piece));
  breakOff();
};

test('headway starts the count of tries anew', async (t) => {
  const attempt = await prepareAttempt(t);
  const server = await serveTurns(t, inPieces);
  const limits = { ...roomy, minBytesPerSecond: 1, windowSeconds: 10, tries: 2 };
  const done = await attempt.run({ ...server.options, limits });
  assert.equal(done.sha256, sha256(video));
  assert.ok(done.tries >= video.length / piece);
});

test('a few bytes are no headway, or a server could have itself asked without end', async (t) => {
  const attempt = await prepareAttempt(t);
  const server = await serveTurns(t, inPieces);
  const limits = { ...roomy, minBytesPerSecond: piece, windowSeconds: 10, tries: 2 };
  await attempt.fails('source_unreachable', { ...server.options, limits });
  assert.equal(server.asked.length, 2);
});

test('the largest size holds over all tries', async (t) => {
  const limits = { ...roomy, maxBytes: video.length - 1 };
  const untold: Answer = (request, response) => {
    const from = firstByte(request);
    response.writeHead(206, { etag, 'content-range': rangeFrom(from, '*') }).end(video.subarray(from));
  };
  for (const second of [untold, rest({ etag })]) {
    const attempt = await prepareAttempt(t);
    const server = await serveTurns(t, brokenChunks, second);
    await attempt.fails('source_too_large', { ...server.options, limits });
    assert.equal(server.asked.length, 2);
  }
});

test('a download is cancelled after it broke off', async (t) => {
  const attempt = await prepareAttempt(t);
  const caller = new AbortController();
  const reason = new Error('the task was cancelled');
  const { reached, told } = signpost();
  const server = await serveTurns(t, ({ socket }, response) => {
    // Closed only when the other side has closed as well, and so has seen the break.
    socket.on('close', told);
    response.writeHead(200, { 'content-length': 1000 }).write('half', () => socket.end());
  });
  const limits = { ...roomy, wallSeconds: 60, pauseSeconds: 50 };
  const running = attempt.run({ ...server.options, signal: caller.signal, limits });
  const outcome = running.catch((error: unknown) => error);
  await reached;
  const began = performance.now();
  caller.abort(reason);
  assert.equal(await outcome, reason);
  assert.ok(performance.now() - began < 500, 'not prompt');
  assert.deepEqual(await readdir(path.dirname(attempt.to)), []);
  assert.equal(server.asked.length, 1);
});

test('the wall stands around all tries and the pauses between them', async (t) => {
  const attempt = await prepareAttempt(t);
  const server = await serveTurns(t, broken());
  const limits = { ...roomy, wallSeconds: 0.3, pauseSeconds: 50 };
  const began = performance.now();
  await attempt.fails('source_timeout', { ...server.options, limits });
  assert.ok(performance.now() - began < 5000, 'the pause was waited for');
});

test('a try that is led to a private server is refused like a first one', async (t) => {
  const canary = await serveCanary(t);
  const { lookup } = await startDns(t, { 'ten.attacker.com': [['127.0.0.1']] });
  for (const location of [`http://127.0.0.1:${canary.port}/`, 'http://ten.attacker.com/', 'http://169.254.169.254/']) {
    const attempt = await prepareAttempt(t);
    const server = await serveTurns(t, broken({ etag }), status(302, { location }));
    await attempt.fails('source_refused', { ...server.options, lookup });
  }
  assert.equal(canary.connections(), 0);
});
