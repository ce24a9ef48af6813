import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { prepareAttempt, roomy } from './test-kit/attempt.ts';
import {
  broken,
  brokenChunks,
  changed,
  etag,
  half,
  remade,
  rest,
  serveTurns,
  sha256,
  status,
  video,
  whole,
  type Answer,
  type Headers,
} from './test-kit/turns.ts';

test('a download that breaks off goes on from where it was', async (t) => {
  const attempt = await prepareAttempt(t);
  const seen: number[] = [];
  let reached = 0;
  const server = await serveTurns(t, broken({ etag }), (...asking) => {
    reached = seen.at(-1) ?? 0;
    rest({ etag })(...asking);
  });
  const onProgress = (bytes: number) => {
    seen.push(bytes);
    server.options.onProgress();
  };
  const done = await attempt.run({ ...server.options, onProgress });
  assert.ok(video.equals(await readFile(attempt.to)));
  assert.deepEqual([done.sha256, done.bytes, done.tries], [sha256(video), video.length, 2]);
  assert.deepEqual(server.asked, [
    [undefined, undefined],
    [`bytes=${reached}-`, etag],
  ]);
  const ascending = seen.toSorted((one, other) => one - other);
  assert.deepEqual(seen, ascending, 'progress does not go back');
});

test('a date of change does where there is no tag', async (t) => {
  const attempt = await prepareAttempt(t);
  const server = await serveTurns(t, broken({ 'last-modified': changed }), rest());
  await attempt.run(server.options);
  assert.ok(video.equals(await readFile(attempt.to)));
  assert.equal(server.asked[1]?.[1], changed);
});

test('chunks that break off are gone on with, although nobody said how many there are', async (t) => {
  const attempt = await prepareAttempt(t);
  const server = await serveTurns(t, brokenChunks, rest({ etag }));
  await attempt.run(server.options);
  assert.ok(video.equals(await readFile(attempt.to)));
  assert.equal(server.asked[1]?.[1], etag);
});

test('a server that knows no ranges sends the whole, which is taken as such', async (t) => {
  const attempt = await prepareAttempt(t);
  const server = await serveTurns(t, broken({ etag }), whole({ etag }));
  const done = await attempt.run(server.options);
  assert.ok(video.equals(await readFile(attempt.to)));
  assert.equal(done.sha256, sha256(video));
});

test('a source that has changed meanwhile is taken from its beginning, as a whole', async (t) => {
  const attempt = await prepareAttempt(t);
  const server = await serveTurns(t, broken({ etag }), whole({ etag: '"v2"' }, remade));
  const done = await attempt.run(server.options);
  assert.ok(remade.equals(await readFile(attempt.to)), 'nothing of the old one is left');
  assert.equal(done.sha256, sha256(remade));
});

test('a server that sends a rest of another version, or none, is asked for the whole', async (t) => {
  for (const second of [rest({ etag: '"v2"' }), rest(), status(416)]) {
    const attempt = await prepareAttempt(t);
    const server = await serveTurns(t, broken({ etag }), second, whole({ etag: '"v2"' }, remade));
    const done = await attempt.run(server.options);
    assert.ok(remade.equals(await readFile(attempt.to)));
    assert.deepEqual([done.tries, server.asked.length, server.asked[2]], [2, 3, [undefined, undefined]]);
  }
});

test('without a name to rely on no range is asked for', async (t) => {
  const weak: Headers = { etag: `W/${etag}`, 'last-modified': changed };
  for (const headers of [{}, weak]) {
    const attempt = await prepareAttempt(t);
    const server = await serveTurns(t, broken(headers), whole(headers));
    await attempt.run(server.options);
    assert.ok(video.equals(await readFile(attempt.to)));
    assert.deepEqual(server.asked[1], [undefined, undefined]);
  }
});

test('a server that always breaks off is given up, and may do better when the step is tried again', async (t) => {
  const attempt = await prepareAttempt(t);
  const server = await serveTurns(t, broken());
  const limits = { ...roomy, minBytesPerSecond: video.length };
  const problem = await attempt.fails('source_unreachable', { ...server.options, limits });
  assert.ok(problem.retryable);
  assert.equal(server.asked.length, 5);
});

test('a reset is like any other break', async (t) => {
  const attempt = await prepareAttempt(t);
  let reset: (() => void) | undefined;
  const server = await serveTurns(
    t,
    (request, ...answering) => {
      reset = () => request.socket.resetAndDestroy();
      broken({ etag })(request, ...answering);
    },
    rest({ etag }),
  );
  await attempt.run({ ...server.options, onProgress: () => reset?.() });
  assert.ok(video.equals(await readFile(attempt.to)));
  assert.equal(server.asked.length, 2);
});

test('a server that is away for a moment in between is waited for', async (t) => {
  const attempt = await prepareAttempt(t);
  const away: Answer = (request) => request.socket.destroy();
  const server = await serveTurns(t, broken({ etag }), away, status(503), rest({ etag }));
  assert.equal((await attempt.run(server.options)).tries, 4);
  assert.ok(video.equals(await readFile(attempt.to)));
});

test('what the server says about the video in between is passed on at once', async (t) => {
  const attempt = await prepareAttempt(t);
  const server = await serveTurns(t, broken({ etag }), status(404));
  await attempt.fails('source_not_found', server.options);
  assert.equal(server.asked.length, 2);
});

test('a connection that goes silent is left for another', async (t) => {
  const attempt = await prepareAttempt(t);
  const silent: Answer = (_request, response) => {
    response.writeHead(200, { 'content-length': video.length, etag });
    response.write(video.subarray(0, half));
  };
  const server = await serveTurns(t, silent, rest({ etag }));
  const limits = { ...roomy, minBytesPerSecond: 1000, windowSeconds: 0.2 };
  assert.equal((await attempt.run({ ...server.options, limits })).tries, 2);
  assert.ok(video.equals(await readFile(attempt.to)));
});
