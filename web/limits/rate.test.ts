import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ratePerMinute } from './rate.ts';

const NOW = 1_700_000_000_000;

test('a place may use the allowance of a minute at once, and not more', () => {
  const take = ratePerMinute(60);
  const waits = Array.from({ length: 61 }, () => take('a', NOW));
  assert.deepEqual(waits, [...Array<number>(60).fill(0), 1]);
});

test('the allowance comes back evenly, and being refused costs nothing', () => {
  const take = ratePerMinute(60);
  for (let request = 0; request < 60; request++) take('a', NOW);
  for (let refused = 0; refused < 100; refused++) assert.equal(take('a', NOW + 500), 1);
  assert.equal(take('a', NOW + 1000), 0);
  assert.equal(take('a', NOW + 1000), 1);
  assert.equal(Array.from({ length: 60 }, () => take('a', NOW + 61_000)).at(-1), 0);
});

test('an allowance that divides no minute evenly is given whole', () => {
  for (const most of [1, 7, 59, 997, 6_000]) {
    const take = ratePerMinute(most);
    assert.equal(Array.from({ length: most + 1 }, () => take('a', NOW)).findIndex(Boolean), most);
  }
});

test('who waits as long as told is let in', () => {
  const take = ratePerMinute(7);
  let now = NOW;
  for (let request = 0; request < 50; request++) {
    now += take('a', now) * 1000;
    assert.equal(take('a', now) === 0 || take('a', now + 1000 * take('a', now)) === 0, true);
  }
});

test('places do not use what is another’s, and only so many are remembered', () => {
  const take = ratePerMinute(1, 2);
  assert.deepEqual(
    ['a', 'b', 'a', 'b'].map((place) => take(place, NOW)),
    [0, 0, 60, 60],
  );
  assert.equal(take('c', NOW), 0);
  assert.deepEqual(
    ['b', 'c'].map((place) => take(place, NOW)),
    [60, 60],
  );
  assert.equal(take('a', NOW), 0, 'the first was forgotten');
});
