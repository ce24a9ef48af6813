import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rateText } from '../../shared/task/rate.ts';
import { sourceRate } from './rate.ts';

/** Times as a container keeps them. @param round ticks a second */
function steady(over: number, under: number, count = 300, round = 90_000): Float64Array {
  return Float64Array.from({ length: count }, (_, at) => 0.021 + Math.round((at * under * round) / over) / round);
}

const rate = (times: Float64Array) => rateText(sourceRate(times));

test('a steady source keeps its exact rate, however its container rounds', () => {
  for (const round of [1_000, 90_000]) {
    assert.equal(rate(steady(24_000, 1001, 300, round)), '24000/1001');
    assert.equal(rate(steady(24, 1, 300, round)), '24');
    assert.equal(rate(steady(25, 1, 300, round)), '25');
    assert.equal(rate(steady(30_000, 1001, 300, round)), '30000/1001');
    assert.equal(rate(steady(60_000, 1001, 1500, round)), '60000/1001');
    assert.equal(rate(steady(25, 2, 300, round)), '25/2');
  }
  assert.equal(rate(steady(17, 1)), '17');
});

test('beyond 60 pictures a second every second or third is shown', () => {
  assert.equal(rate(steady(120, 1)), '120/2');
  assert.equal(rate(steady(120_000, 1001, 1500)), '120000/2002');
  assert.equal(rate(steady(90, 1)), '90/2');
});

test('a variable source gets the smallest common rate that loses no picture', () => {
  const gaps = steady(30, 1).filter((_, at) => at % 7 !== 3 && !(at > 100 && at < 160));
  assert.equal(rate(gaps), '30');
  assert.equal(rate(Float64Array.of(0, 0.1, 0.2, 0.5, 3, 3.13)), '10');
  assert.equal(rate(Float64Array.of(0, 0.004, 0.05, 0.051)), '60');
});

test('one picture alone has a rate too', () => {
  assert.equal(rate(Float64Array.of(0)), '25');
});
