import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, stat, symlink, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { prepareAttempt, roomy } from './test-kit/attempt.ts';
import { startDns } from './test-kit/dns.ts';
import { serve, serveRaw } from './test-kit/server.ts';

const video = Buffer.alloc(300_000, 'claqueta');

test('a source is written as it came, for this user only, and reported on', async (t) => {
  const attempt = await prepareAttempt(t);
  let asked: Record<string, unknown> = {};
  const server = await serve(t, (request, response) => {
    asked = { ...request.headers, url: request.url };
    response.setHeader('content-length', video.length).end(video);
  });
  const seen: [number, number | null][] = [];
  const done = await attempt.run({
    url: `http://${server.at}/a/clip.mp4?token=1#t=3`,
    allow: [server.at],
    onProgress: (bytes, total) => seen.push([bytes, total]),
  });
  assert.deepEqual(done, {
    bytes: video.length,
    sha256: createHash('sha256').update(video).digest('hex'),
    finalUrl: `http://${server.at}/a/clip.mp4?token=1`,
    hops: 0,
    tries: 1,
  });
  assert.ok(video.equals(await readFile(attempt.to)));
  assert.equal((await stat(attempt.to)).mode & 0o777, 0o600);
  assert.deepEqual(seen.at(-1), [video.length, video.length]);
  assert.equal(asked.url, '/a/clip.mp4?token=1');
  assert.equal(asked['accept-encoding'], 'identity');
  assert.equal(asked.host, server.at);
});

test('downloads share no connection, so that none is used that was not checked for it', async (t) => {
  const attempt = await prepareAttempt(t);
  const server = await serve(t, (_request, response) => response.end(video));
  for (const name of ['one', 'two'])
    await attempt.run({ url: `http://${server.at}/`, allow: [server.at], to: `${attempt.to}-${name}` });
  assert.equal(server.connections(), 2);
});

test('an answer without a length is taken until it ends', async (t) => {
  const attempt = await prepareAttempt(t);
  const server = await serveRaw(t, (socket) => {
    socket.write('HTTP/1.0 200 OK\r\n\r\n');
    socket.end(video);
  });
  const totals = new Set<number | null>();
  const done = await attempt.run({
    url: `http://${server.at}/`,
    allow: [server.at],
    onProgress: (_bytes, total) => totals.add(total),
  });
  assert.equal(done.bytes, video.length);
  assert.deepEqual([...totals], [null]);
});

test('a server that hangs up while we still write does no harm', async (t) => {
  const attempt = await prepareAttempt(t);
  for (const size of [65_536, 131_072, 200_000, 300_000]) {
    const server = await serveRaw(t, (socket) => {
      socket.write('HTTP/1.0 200 OK\r\n\r\n');
      socket.end(Buffer.alloc(size));
    });
    const done = await attempt.run({ url: `http://${server.at}/`, allow: [server.at], to: `${attempt.to}-${size}` });
    assert.equal(done.bytes, size);
  }
});

test('a source that announces too much is refused before it is read', async (t) => {
  const attempt = await prepareAttempt(t);
  const server = await serveRaw(t, (socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000001\r\n\r\n');
  });
  await attempt.fails('source_too_large', { url: `http://${server.at}/`, allow: [server.at] });
});

test('a source that announces nothing and never ends is stopped at the limit', async (t) => {
  const attempt = await prepareAttempt(t);
  let sent = 0;
  const server = await serve(t, (_request, response) => pour(response, () => (sent += video.length)));
  await attempt.fails('source_too_large', { url: `http://${server.at}/`, allow: [server.at] });
  assert.ok(sent < 50_000_000, `${sent} bytes were sent`);
  assert.equal(server.connections(), 1, 'a server that was given up is not connected to again');
});

function pour(response: ServerResponse, count: () => void): void {
  if (response.destroyed) return;
  count();
  response.write(video, (error) => {
    if (!error) pour(response, count);
  });
}

test('a packed answer is refused, not unpacked', async (t) => {
  const attempt = await prepareAttempt(t);
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  assert.ok(bomb.length < 100_000);
  const server = await serve(t, (_request, response) => {
    response.setHeader('content-encoding', 'gzip').end(bomb);
  });
  await attempt.fails('source_unsupported', { url: `http://${server.at}/`, allow: [server.at] });
});

const cuts: Record<string, string> = {
  'a length': 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf',
  'a length and no way to ask again': 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\nconnection: close\r\n\r\nhalf',
  'a length, in the old way': 'HTTP/1.0 200 OK\r\ncontent-length: 100\r\n\r\nhalf',
  'a length and no byte': 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n',
  chunks: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n',
  'chunks and no way to ask again':
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n4\r\nhalf\r\n',
};

for (const [announced, answer] of Object.entries(cuts)) {
  test(`an answer that ends early is no success: announced by ${announced}`, async (t) => {
    const attempt = await prepareAttempt(t);
    const server = await serveRaw(t, (socket) => socket.end(answer));
    const limits = { ...roomy, minBytesPerSecond: 1 };
    await attempt.fails('source_unreachable', { url: `http://${server.at}/`, allow: [server.at], limits });
    assert.equal(server.connections(), 5, 'it may be the network, so it is tried again');
  });
}

test('an empty answer is told as such, with and without a length', async (t) => {
  const attempt = await prepareAttempt(t);
  for (const answer of ['HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n', 'HTTP/1.0 200 OK\r\n\r\n']) {
    const server = await serveRaw(t, (socket) => socket.end(answer));
    await attempt.fails('source_empty', { url: `http://${server.at}/`, allow: [server.at] });
  }
});

test('what the server says about a missing or locked video is passed on', async (t) => {
  const attempt = await prepareAttempt(t);
  for (const [status, code] of [
    [404, 'source_not_found'],
    [403, 'source_denied'],
    [503, 'source_unreachable'],
  ] as const) {
    const server = await serve(t, (_request, response) => response.writeHead(status).end('a page in HTML'));
    await attempt.fails(code, { url: `http://${server.at}/`, allow: [server.at] });
  }
});

test('an answer that changes the protocol is no video, and nobody waits for more of it', async (t) => {
  const attempt = await prepareAttempt(t);
  const server = await serveRaw(t, (socket) =>
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
  );
  const problem = await attempt.fails('source_unreachable', { url: `http://${server.at}/`, allow: [server.at] });
  assert.match(problem.detail ?? '', /101/);
});

test('what is no HTTP is not downloaded', async (t) => {
  const attempt = await prepareAttempt(t);
  for (const answer of ['SSH-2.0-OpenSSH_9.2\r\n', '220 mail ESMTP\r\n', '', '\0\0\0\0']) {
    const server = await serveRaw(t, (socket) => socket.end(answer));
    await attempt.fails('source_unreachable', { url: `http://${server.at}/`, allow: [server.at] });
  }
});

test('https speaks TLS and names its host, and a server that cannot answer in TLS is not read', async (t) => {
  const attempt = await prepareAttempt(t);
  const { lookup } = await startDns(t, { 'files.attacker.com': [['127.0.0.1']] });
  let hello = '';
  const server = await serveRaw(t, (socket, head) => {
    hello = head;
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfour');
  });
  const pair = `files.attacker.com:${server.port}`;
  await attempt.fails('source_unreachable', { url: `https://${pair}/`, allow: [pair], lookup });
  assert.ok(hello.startsWith('\x16\x03'));
  assert.ok(hello.includes('files.attacker.com'));
});

test('a file that is there already is neither written to nor removed', async (t) => {
  const attempt = await prepareAttempt(t);
  const server = await serve(t, (_request, response) => response.end(video));
  const options = { url: `http://${server.at}/`, allow: [server.at] };
  await writeFile(attempt.to, 'mine');
  await assert.rejects(attempt.run(options), { code: 'storage_failed' });
  assert.equal(await readFile(attempt.to, 'utf8'), 'mine');
  const link = `${attempt.to}-link`;
  await symlink(attempt.to, link);
  await assert.rejects(attempt.run({ ...options, to: link }), { code: 'storage_failed' });
  assert.equal(await readFile(attempt.to, 'utf8'), 'mine');
});

test('a folder that cannot be written to is our problem, not the owner’s', async (t) => {
  const attempt = await prepareAttempt(t);
  const server = await serve(t, (_request, response) => response.end(video));
  const to = `${attempt.to}/missing/source`;
  await attempt.fails('storage_failed', { url: `http://${server.at}/`, allow: [server.at], to });
});

test('a failing listener stops the download with its own error', async (t) => {
  const attempt = await prepareAttempt(t);
  const server = await serve(t, (_request, response) => response.end(video));
  const onProgress = () => {
    throw new RangeError('no');
  };
  await assert.rejects(
    attempt.run({ url: `http://${server.at}/`, allow: [server.at], onProgress, limits: roomy }),
    RangeError,
  );
});
