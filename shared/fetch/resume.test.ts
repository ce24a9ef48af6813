import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeAnswer } from './answer.ts';
import type { AnswerHeaders } from './header.ts';
import { judgeRest, rangeHeaders, validatorOf } from './resume.ts';

const held = { bytes: 40, total: 100, validator: '"v1"' };
const rest = { 'content-range': 'bytes 40-99/100', etag: '"v1"' };
const fits = { start: 40, total: 100 };
const unfit = (headers: AnswerHeaders, part: Parameters<typeof judgeRest>[1] = held) =>
  'unfit' in judgeRest(headers, part);

test('the rest is asked for by the strong tag, or by a date that no change can follow', () => {
  const date = 'Sat, 21 Nov 2026 10:00:00 GMT';
  const before = 'Sat, 21 Nov 2026 09:59:59 GMT';
  assert.equal(validatorOf({ etag: '"v1"', 'last-modified': before, date }), '"v1"');
  assert.equal(validatorOf({ 'last-modified': before, date }), before);
  assert.equal(validatorOf({ 'last-modified': date, date }), null);
  assert.equal(validatorOf({ 'last-modified': before }), null);
  assert.equal(validatorOf({ 'last-modified': 'yesterday', date }), null);
  assert.equal(validatorOf({ etag: 'W/"v1"', 'last-modified': before, date }), null);
  assert.equal(validatorOf({ etag: 'v1' }), null);
  assert.equal(validatorOf({}), null);
  assert.deepEqual(rangeHeaders(held), { range: 'bytes=40-', 'if-range': '"v1"' });
});

test('a rest is taken when it begins where we are, in the same file', () => {
  assert.deepEqual(judgeRest(rest, held), fits);
  assert.deepEqual(judgeRest({ ...rest, 'content-range': 'bytes 40-59/100' }, held), fits);
  assert.deepEqual(judgeRest({ ...rest, 'content-range': 'bytes 40-99/*' }, held), fits);
  assert.deepEqual(judgeRest(rest, { ...held, total: null }), fits);
  for (const range of ['bytes 0-99/100', 'bytes 41-99/100', 'bytes 40-99/101', 'bytes 40-100/100', 'bytes 40-39/100'])
    assert.ok(unfit({ ...rest, 'content-range': range }), range);
  for (const range of ['bytes */100', 'seconds 40-99/100', 'bytes 40-', '', undefined])
    assert.ok(unfit({ ...rest, 'content-range': range }), range);
});

test('a rest of another version is not, although the server should not have sent it', () => {
  assert.ok(unfit({ ...rest, etag: '"v2"' }));
  assert.ok(unfit({ ...rest, etag: undefined }));
  const dated = { ...held, validator: 'Sat, 21 Nov 2026 09:59:59 GMT' };
  assert.ok(!unfit({ 'content-range': rest['content-range'] }, dated));
  assert.ok(!unfit({ 'content-range': rest['content-range'], 'last-modified': dated.validator }, dated));
  assert.ok(unfit({ 'content-range': rest['content-range'], 'last-modified': 'Sat, 21 Nov 2026 10:00:00 GMT' }, dated));
});

test('when the rest was asked for, 206 brings it, 200 the whole, and 416 neither', () => {
  assert.deepEqual(judgeAnswer(206, rest, 1000, held), fits);
  assert.deepEqual(judgeAnswer(200, { 'content-length': '90' }, 1000, held), { start: 0, total: 90 });
  assert.deepEqual(judgeAnswer(416, { 'content-range': 'bytes */40' }, 1000, held), { unfit: 'answered 416' });
  assert.throws(() => judgeAnswer(404, {}, 1000, held), { code: 'source_not_found' });
  assert.throws(() => judgeAnswer(206, { ...rest, 'content-encoding': 'gzip' }, 1000, held), {
    code: 'source_unsupported',
  });
  const endless = { ...rest, 'content-range': 'bytes 40-99/1001' };
  assert.throws(() => judgeAnswer(206, endless, 1000, { ...held, total: null }), { code: 'source_too_large' });
});
