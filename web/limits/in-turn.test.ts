import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../errors.ts';
import { inTurn } from './in-turn.ts';

const TOO_MANY = { code: 'too_many_logins', detail: 'Too many.' };

test('so much runs at once, so much waits in its order, and the rest is refused with a time to wait', async () => {
  const turns = inTurn(2, 3, TOO_MANY);
  const begun: number[] = [];
  const end: (() => void)[] = [];
  const work = (name: number) =>
    turns.take(() => {
      begun.push(name);
      return new Promise<number>((resolve) => end.push(() => resolve(name)));
    });
  const taken = [1, 2, 3, 4, 5].map(work);
  assert.deepEqual(begun, [1, 2]);
  await assert.rejects(work(6), (error) => {
    assert.ok(error instanceof ApiError);
    assert.deepEqual([error.status, error.code, error.headers], [429, 'too_many_logins', { 'Retry-After': '2' }]);
    return true;
  });
  assert.throws(() => turns.refuseWhenFull(), ApiError);

  for (const [index, turn] of taken.entries()) {
    end[index]?.();
    assert.equal(await turn, index + 1);
  }
  assert.deepEqual(begun, [1, 2, 3, 4, 5]);
  turns.refuseWhenFull();
});

test('work that fails gives its place to the next', async () => {
  const turns = inTurn(1, 1, TOO_MANY);
  const failing = turns.take(() => Promise.reject(new Error('broken')));
  const next = turns.take(() => Promise.resolve('done'));
  await assert.rejects(failing, /broken/);
  assert.equal(await next, 'done');
});
