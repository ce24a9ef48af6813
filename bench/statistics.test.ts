import assert from 'node:assert/strict';
import test from 'node:test';
import { atLeast, atMost, rounded } from './bench.ts';
import { median, percentile, ratioOfPairs, seeded } from './statistics.ts';

test('a percentile is the value that so many do not exceed', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  assert.deepEqual([percentile(values, 50), percentile(values, 99), percentile(values, 100)], [50, 99, 100]);
  assert.equal(percentile([7], 1), 7);
  assert.ok(Number.isNaN(percentile([], 50)));
});

test('a median of an even number of values lies between the two in the middle', () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([1, 2, 4, 100]), 3);
  assert.ok(Number.isNaN(median([])));
});

test('a pair that the machine slowed down does not change the ratio', () => {
  assert.deepEqual(ratioOfPairs([2, 20, 2.2], [1, 10, 1]), { median: 2, least: 2, most: 2.2 });
});

test('a seed draws the same numbers again, and another one others', () => {
  const draw = (seed: number) => Array.from({ length: 5 }, seeded(seed));
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
  assert.ok(draw(3).every((value) => value >= 0 && value < 1));
});

test('a verdict says target and figure, and a figure that is none is not met', () => {
  assert.deepEqual(atMost('p99', 12.345, 10, ' ms'), { target: 'p99 ≤ 10 ms', measured: '12.3 ms', met: false });
  assert.equal(atLeast('ratio', 0.5, 0.5).met, true);
  assert.equal(atMost('p99', NaN, 10).met, false);
  assert.equal(rounded(12_345), 12_350);
});
