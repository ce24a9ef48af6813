import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Slot } from '../shared/queue/slots.ts';
import { threadsFor, watchSlots } from './threads.ts';

function slotOf(isHeld = true): Slot {
  const slot = {
    isHeld,
    leave: () => (slot.isHeld = false),
    without: <T>(waiting: () => Promise<T>) => waiting(),
  };
  return slot;
}

test('steps share the cores, and one that is alone keeps them all busy', () => {
  assert.deepEqual(
    [1, 2, 3, 8, 16].map((busy) => threadsFor(8, busy)),
    [12, 6, 3, 1, 1],
  );
});

test('the first of many steps does not take all cores: it waits for the claims under way', async () => {
  const slots = watchSlots(2, () => {});
  slots.enter(slotOf());
  let answer: () => void = () => {};
  // One claim after the other, as a queue makes them.
  const second = new Promise<void>((resolve) => (answer = resolve)).then(() => {
    slots.enter(slotOf());
    slots.asking(Promise.resolve(null));
  });
  slots.asking(second);
  const threads = slots.threads();
  answer();
  assert.equal(await threads, 1);
});

test('a claim that is not answered holds nobody up for long, and one that fails does not at all', async () => {
  const slots = watchSlots(2, () => {});
  slots.enter(slotOf());
  slots.asking(Promise.reject(new Error('the database is away')));
  assert.equal(await slots.threads(), 3);
  slots.asking(new Promise(() => {}));
  assert.equal(await slots.threads(), 3);
});

test('a step without its slot does not count, and ends once', () => {
  const told: number[] = [];
  const slots = watchSlots(2, (busy) => told.push(busy));
  const first = slots.enter(slotOf());
  slots.enter(slotOf());
  first.leave();
  first.end();
  assert.deepEqual([told, slots.busy], [[1, 2, 1, 1], 1]);
});
