import assert from 'node:assert/strict';
import { setImmediate as turn, setTimeout } from 'node:timers/promises';
import { test } from 'node:test';
import { openSlots, type Slot, type Slots } from './slots.ts';

const { signal } = new AbortController();

/** A promise to be settled by hand. */
function open() {
  let [resolve, reject]: [() => void, (reason: Error) => void] = [() => {}, () => {}];
  const promise = new Promise<void>((...hands) => ([resolve, reject] = hands));
  return { promise, resolve, reject };
}

/** Work that waits for the network first and then holds its slot until it is told to end. */
async function begin(slots: Slots, until = signal) {
  const [arrives, ends, away] = [open(), open(), open()];
  let slot: Slot | undefined;
  const giveBack = await slots.take();
  const done = slots.run(
    async (given) => {
      slot = given;
      await given.without(() => arrives.promise, until);
      await ends.promise;
    },
    giveBack,
    { onAway: () => away.resolve() },
  );
  const finish = () => {
    arrives.resolve();
    ends.resolve();
    return done;
  };
  return { arrives, ends, away: away.promise, done, finish, isHeld: () => slot?.isHeld };
}

test('while one waits for the network another has its slot, and it gets the next before all who have not begun', async () => {
  const slots = openSlots(1, 5);
  const first = await begin(slots);
  await first.away;
  assert.deepEqual([slots.free, first.isHeld()], [true, false]);
  const second = await begin(slots);
  let hasThird = false;
  const third = begin(slots).then((begun) => ((hasThird = true), begun));
  first.arrives.resolve();
  second.arrives.resolve();
  await turn();
  assert.equal(first.isHeld(), false, 'the other has not ended');
  second.ends.resolve();
  await second.done;
  await turn();
  assert.deepEqual([first.isHeld(), hasThird], [true, false]);
  first.ends.resolve();
  await first.done;
  const last = await third;
  await last.finish();
  assert.ok(slots.free);
});

test('a short wait keeps the slot', async () => {
  const slots = openSlots(1, 60_000);
  const only = await begin(slots);
  only.arrives.resolve();
  await turn();
  assert.deepEqual([only.isHeld(), slots.free], [true, false]);
  only.ends.resolve();
  await only.done;
});

test('a wait that fails gets no slot again, and leaves none taken', async () => {
  const slots = openSlots(1, 5);
  const first = await begin(slots);
  await first.away;
  const second = await begin(slots);
  first.arrives.reject(new Error('the line was cut'));
  await assert.rejects(first.done, /the line was cut/);
  await second.finish();
  assert.ok(slots.free);
});

test('whoever is aborted while it waits for a slot hears of it, and nobody misses the free slot', async () => {
  const slots = openSlots(1, 5);
  const abort = new AbortController();
  const first = await begin(slots, abort.signal);
  await first.away;
  const second = await begin(slots);
  first.arrives.resolve();
  const third = begin(slots);
  await turn();
  abort.abort(new Error('deleted'));
  await assert.rejects(first.done, /deleted/);
  await second.finish();
  const last = await third;
  await last.finish();
  assert.ok(slots.free);
});

test('no more are without a slot than there are slots: a further one goes when another is back', async () => {
  const slots = openSlots(1, 5);
  const first = await begin(slots);
  await first.away;
  const second = await begin(slots);
  let isSecondAway = false;
  void second.away.then(() => (isSecondAway = true));
  await setTimeout(20);
  assert.deepEqual([second.isHeld(), isSecondAway], [true, false]);
  let hasThird = false;
  const third = slots.take().then((giveBack) => ((hasThird = true), giveBack));
  // The first has what it waited for, and takes the slot that the second need not hold.
  first.arrives.resolve();
  await second.away;
  await turn();
  assert.deepEqual([first.isHeld(), second.isHeld(), hasThird], [true, false, false]);
  first.ends.resolve();
  await first.done;
  (await third)();
  await second.finish();
  assert.ok(slots.free);
});

test('a slot that could not be left is left when another is back, or with the end of the work', async () => {
  const slots = openSlots(1, 5);
  const first = await begin(slots);
  await first.away;
  const stored = open();
  let slot: Slot | undefined;
  const storing = slots.run(
    async (given) => {
      slot = given;
      given.leave();
      await stored.promise;
    },
    await slots.take(),
  );
  assert.equal(slot?.isHeld, true);
  first.arrives.reject(new Error('deleted'));
  await assert.rejects(first.done);
  assert.deepEqual([slot?.isHeld, slots.free], [false, true]);
  stored.resolve();
  await storing;
  assert.ok(slots.free);
});

test('of those who come back the first is served first', async () => {
  const slots = openSlots(2, 5);
  const [one, two] = [await begin(slots), await begin(slots)];
  await Promise.all([one.away, two.away]);
  const others = [await begin(slots), await begin(slots)];
  for (const { arrives } of [one, two, ...others]) arrives.resolve();
  await turn();
  others[0]?.ends.resolve();
  await others[0]?.done;
  await turn();
  assert.deepEqual([one.isHeld(), two.isHeld()], [true, false]);
  for (const { ends } of [one, two, ...others]) ends.resolve();
  await Promise.all([one, two, ...others].map(({ done }) => done));
});
