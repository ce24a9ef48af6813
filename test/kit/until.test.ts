import assert from 'node:assert/strict';
import test from 'node:test';
import { until } from './until.ts';

test('what the condition gives is given on, also when it is 0 or empty', async () => {
  let looks = 0;
  assert.equal(await until(() => (++looks < 3 ? undefined : 'there'), { what: 'the third look', every: 1 }), 'there');
  assert.equal(await until(() => Promise.resolve(0), { what: 'a number' }), 0);
});

test('at the limit the error says what was waited for and what went wrong last', async () => {
  const down = new Error('connection refused');
  const waiting = until(() => Promise.reject(down), { what: 'the server answers', timeout: 30, every: 5 });
  await assert.rejects(waiting, { message: 'Waited 30 ms in vain until the server answers.', cause: down });
});
