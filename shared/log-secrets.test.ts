import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorForLog, withoutSecrets } from './log-secrets.ts';

test('what is secret is taken out of a text, and the rest stays', () => {
  for (const [text, clean] of [
    ['to https://a.com/v.mp4?X-Goog-Signature=s3cret&x=1, then', 'to https://a.com/v.mp4?[hidden] then'],
    ['GET /media/clips/a.mp4?expires=1&signature=s3cret', 'GET /media/clips/a.mp4?[hidden]'],
    ['http://a.com?s3cret', 'http://a.com?[hidden]'],
    ['"https://a.com/b?s3cret" failed', '"https://a.com/b?[hidden]" failed'],
    ['postgres://claqueta:s3cret@db:5432/claqueta', 'postgres://claqueta:[hidden]@db:5432/claqueta'],
    ['authorization: Bearer s3cret.s3cret', 'authorization: Bearer [hidden]'],
    ['token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.s3cret is old', 'token [hidden] is old'],
    [
      'GET /streams/019ac5d0-0000-7000-8000-000000000000.1.1795324340.s3cret/master.m3u8',
      'GET /streams/019ac5d0-0000-7000-8000-000000000000.[hidden]/master.m3u8',
    ],
    ['https://a.com//streams//019ac5d0.1.179s3cret', 'https://a.com//streams//019ac5d0.[hidden]'],
    ['is it there? no', 'is it there? no'],
    ['at file:///srv/web/app.ts:10:5', 'at file:///srv/web/app.ts:10:5'],
    ['127.0.0.1:5432 refused', '127.0.0.1:5432 refused'],
  ] as const) {
    assert.equal(withoutSecrets(text), clean);
  }
});

test('a long text takes no longer than its length, whatever it is made of', () => {
  const seconds = (text: string) => {
    const before = process.cpuUsage();
    withoutSecrets(text);
    const { user } = process.cpuUsage(before);
    return user / 1e6;
  };
  // By the square of the length this would be 15 s.
  for (const piece of ['/', '/a', '-eyJ', '//a:', 'Bearer ', '/a?', 'x://a', '/streams/', '/streams/a']) {
    assert.ok(seconds(piece.repeat(100_000 / piece.length)) < 1, piece);
  }
});

test('of an error only what tells where to look is kept', () => {
  const error = Object.assign(new Error('duplicate key'), {
    code: '23505',
    constraint: 'users_email',
    detail: 'Key (email)=(s3cret@example.com) already exists.',
    where: 's3cret',
    config: { headers: { authorization: 'Bearer s3cret' } },
    input: 'postgres://claqueta:s3cret@db/claqueta',
  });
  const { type, message, code, constraint, ...rest } = errorForLog(error);
  assert.deepEqual([type, message, code, constraint], ['Error', 'duplicate key', '23505', 'users_email']);
  assert.deepEqual(Object.keys(rest), ['stack']);
});

test('causes and gathered errors are told in the same way, and errors that name themselves have an end', () => {
  const root = Object.assign(new Error('asking https://a.com/?s3cret'), { headers: 's3cret' });
  const told = JSON.stringify(errorForLog(new AggregateError([root], 'all failed', { cause: root })));
  assert.match(told, /"cause".*"errors"/);
  assert.doesNotMatch(told, /s3cret/);
  const circular = new Error('round');
  circular.cause = circular;
  assert.ok(JSON.stringify(errorForLog(circular)).length < 10_000);
  assert.equal(errorForLog('https://a.com/?s3cret').message, 'https://a.com/?[hidden]');
});
