import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rateText } from '../../shared/task/rate.ts';
import { sourceTiming } from './rate.ts';

/** Times as a container keeps them. @param round ticks a second */
function steady(over: number, under: number, count = 300, round = 90_000): Float64Array {
  return Float64Array.from({ length: count }, (_, at) => 0.021 + Math.round((at * under * round) / over) / round);
}

const rate = (times: Float64Array) => rateText(sourceTiming(times).rate);

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
  assert.equal(sourceTiming(steady(240, 1)).every, 4);
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

test('a stray time stamp changes nothing: its picture has the place that its number gives it', () => {
  const early = steady(24_000, 1001, 240);
  early[1] = (early[1] ?? 0) - 0.04;
  const timing = sourceTiming(early);
  assert.equal(rateText(timing.rate), '24000/1001');
  assert.equal(timing.times.filter((time, at) => time !== early[at]).length <= 2, true);
  assert.ok(Math.abs((timing.times[1] ?? 0) - (timing.times[0] ?? 0) - 1001 / 24_000) < 1e-3);
});

test('a trembling clock keeps its mean, and every picture its place', () => {
  const times = Float64Array.from({ length: 1791 }, (_, at) => at / 29.85 + 0.003 * Math.sin(at * 12.9898));
  times[900] = (times[900] ?? 0) - 0.02;
  const { rate: mean, times: righted } = sourceTiming(times);
  assert.ok(Math.abs(mean.over / mean.under - 29.85) < 0.01);
  const places = righted.map((time) => Math.round(((time - (righted[0] ?? 0)) * mean.over) / mean.under));
  assert.deepEqual(
    places,
    places.map((_, at) => at),
  );
});

test('a variable source near a common rate gets that, though two pictures come close together now and then', () => {
  // A telephone's: 30 a second, with a picture left out here and there, and one late before it catches up.
  const times = Float64Array.from(
    { length: 600 },
    (_, at) => (at + Math.floor(at / 97)) / 30 + (at % 61 === 5 ? 0.021 : 0),
  );
  assert.equal(rate(times), '30');
  assert.equal(new Set(sourceTiming(times).times.map((time) => Math.floor(time * 30 + 0.5001))).size, 600);
});
