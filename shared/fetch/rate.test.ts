import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rateOver, ticksInWindow } from './rate.ts';

const ticks = (bytes: number[]) => {
  const rate = rateOver(30);
  return bytes.map(rate);
};

test('there is no rate before a window is over', () => {
  const measured = ticks(Array<number>(ticksInWindow).fill(300));
  assert.deepEqual(measured.slice(0, -1), Array(ticksInWindow - 1).fill(null));
  assert.equal(measured.at(-1), 10);
});

test('a burst counts only as long as it is inside of the window', () => {
  const measured = ticks([3000, ...Array<number>(ticksInWindow).fill(3000)]);
  assert.equal(measured.at(-2), 100);
  assert.equal(measured.at(-1), 0);
});
