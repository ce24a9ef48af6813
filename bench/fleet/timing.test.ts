import assert from 'node:assert/strict';
import test from 'node:test';
import { aloneMs, encodeMs, encodesAtOnce, leastMs } from './timing.ts';

test('an encode takes 1 to 2 s, the same for the same part', () => {
  for (const part of [1, 2, 360]) {
    assert.equal(encodeMs(part), encodeMs(part));
    assert.ok(encodeMs(part) >= 1_000 && encodeMs(part) < 2_000);
  }
  assert.equal(encodeMs(null), 0);
});

test('parts cannot be divided: more workers than parts are no faster than the longest part', () => {
  assert.equal(leastMs(4, 100), Math.max(...[1, 2, 3, 4].map(encodeMs)));
  assert.equal(Math.round(leastMs(10, 1)), Math.round(aloneMs(10, 0)));
  assert.ok(aloneMs(360, 0) / leastMs(360, 64) < 0.9 * 64, 'one task of 360 parts cannot keep 64 at work to its end');
});

test('encodes at once are counted until the last part is claimed', () => {
  const begun = [
    { part: 1, at: 0 },
    { part: 2, at: 0 },
    { part: 3, at: 500 },
  ];
  assert.equal(encodesAtOnce(begun), 2);
});
