import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem } from '../task/problem.ts';
import { judgeAnswer } from './answer.ts';
import type { AnswerHeaders } from './header.ts';

const codeFor = (status: number, headers: AnswerHeaders = {}) => {
  try {
    judgeAnswer(status, headers, 1000, null);
  } catch (error) {
    if (error instanceof Problem) return error.code;
  }
  return 'accepted';
};

test('each status says what its owner can do about it', () => {
  const expected = {
    accepted: [200, 203],
    source_empty: [204, 205],
    source_not_found: [404, 410],
    source_denied: [400, 401, 402, 403, 405, 406, 407, 416, 451, 499],
    source_unreachable: [206, 226, 300, 304, 305, 408, 425, 429, 500, 502, 503, 504, 599],
  };
  for (const [code, statuses] of Object.entries(expected))
    for (const status of statuses) assert.equal(codeFor(status), code, String(status));
});

test('answers that may be better next time are tried again, others are not', () => {
  assert.equal(new Problem('source_unreachable').retryable, true);
  assert.equal(new Problem('source_not_found').retryable, false);
  assert.equal(new Problem('source_denied').retryable, false);
});

test('redirects lead on, but not without a location', () => {
  for (const status of [301, 302, 303, 307, 308]) {
    assert.deepEqual(judgeAnswer(status, { location: '/a' }, 1000, null), { redirect: '/a' });
    assert.equal(codeFor(status), 'source_unreachable');
  }
});

test('the announced length is used when there is one', () => {
  assert.deepEqual(judgeAnswer(200, { 'content-length': '1000' }, 1000, null), { start: 0, total: 1000 });
  assert.deepEqual(judgeAnswer(200, {}, 1000, null), { start: 0, total: null });
  assert.equal(codeFor(200, { 'content-length': '1001' }), 'source_too_large');
  assert.equal(codeFor(200, { 'content-length': '0' }), 'source_empty');
});

test('anything but the plain bytes is refused', () => {
  for (const encoding of ['gzip', 'br', 'deflate', 'zstd', 'x-gzip', 'identity, gzip', 'aes128gcm'])
    assert.equal(codeFor(200, { 'content-encoding': encoding }), 'source_unsupported', encoding);
  assert.equal(codeFor(200, { 'content-encoding': ['identity', 'gzip'] }), 'source_unsupported');
  assert.equal(codeFor(200, { 'content-encoding': 'Identity' }), 'accepted');
  assert.equal(codeFor(200, { 'content-encoding': '' }), 'accepted');
});
