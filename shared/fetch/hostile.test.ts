import assert from 'node:assert/strict';
import diagnostics from 'node:diagnostics_channel';
import { test, type TestContext } from 'node:test';
import { hostileNames } from './hostile-hosts.ts';
import { hostileUrls } from './hostile-urls.ts';
import { problemCodes } from '../task/problem.ts';
import { prepareAttempt } from './test-kit/attempt.ts';
import { startDns } from './test-kit/dns.ts';
import { serveRaw } from './test-kit/server.ts';

const everyUrl = Object.values(hostileUrls).flat();

/** Sockets that this process makes, whatever address and port they are for. */
function countSockets(t: TestContext): () => number {
  let made = 0;
  const count = () => (made += 1);
  diagnostics.subscribe('net.client.socket', count);
  t.after(() => diagnostics.unsubscribe('net.client.socket', count));
  return () => made;
}

test(`none of ${everyUrl.length} hostile addresses makes us connect, and all are told the same`, async (t) => {
  const sockets = countSockets(t);
  const attempt = await prepareAttempt(t);
  let worst = 0;
  for (const url of everyUrl) {
    const began = performance.now();
    const problem = await attempt.fails('source_refused', { url });
    worst = Math.max(worst, performance.now() - began);
    assert.equal(problem.message, problemCodes.source_refused);
  }
  t.diagnostic(`${everyUrl.length} addresses, the slowest refused in ${worst.toFixed(1)} ms, ${sockets()} sockets`);
  assert.equal(sockets(), 0);
});

test('none of them is followed to when a public server redirects there', async (t) => {
  // Without a scheme it is a path on the same server; no header holds control characters; a space is repaired.
  const targets = everyUrl.filter((url) => /^[a-z]+:\/\//i.test(url) && !/[ \p{Cc}]/u.test(url) && url.length < 5000);
  assert.ok(targets.length > 120);
  const attempt = await prepareAttempt(t);
  let target = '';
  const server = await serveRaw(t, (socket) => {
    const answer = `HTTP/1.1 302 Found\r\nlocation: ${target}\r\ncontent-length: 0\r\n\r\n`;
    socket.end(Buffer.from(answer, 'utf8'));
  });
  const sockets = countSockets(t);
  for (target of targets) await attempt.fails('source_refused', { url: `http://${server.at}/`, allow: [server.at] });
  assert.equal(sockets(), targets.length, 'a redirect was followed');
});

test('names that look public and lead to private addresses are told the same as all others', async (t) => {
  const zone = Object.fromEntries(Object.entries(hostileNames).map(([name, addresses]) => [name, [addresses]]));
  const { lookup } = await startDns(t, zone);
  const attempt = await prepareAttempt(t);
  for (const name of Object.keys(hostileNames)) {
    const problem = await attempt.fails('source_refused', { url: `http://${name}/clip.mp4`, lookup });
    assert.equal(problem.message, problemCodes.source_refused);
    assert.match(problem.detail ?? '', /no public address/);
  }
});

test('a name that does not exist cannot be told from one that is private', async (t) => {
  const { lookup } = await startDns(t, { 'ten.attacker.com': [['10.0.0.1']], 'nothing.attacker.com': [[]] });
  const attempt = await prepareAttempt(t);
  const told = [];
  for (const name of ['ten.attacker.com', 'missing.attacker.com', 'nothing.attacker.com']) {
    const problem = await attempt.fails('source_refused', { url: `http://${name}/`, lookup });
    told.push([problem.code, problem.message, problem.retryable]);
  }
  assert.deepEqual(told[1], told[0]);
  assert.deepEqual(told[2], told[0]);
});
