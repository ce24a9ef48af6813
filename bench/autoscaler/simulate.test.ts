import assert from 'node:assert/strict';
import test from 'node:test';
import { dayOfLoad } from './day.ts';
import { simulateDay, type Policy } from './simulate.ts';

const policy: Policy = {
  ...{ signal: 'messages', target: 10, minimum: 0, maximum: 10, bootSeconds: 180, stabilizationSeconds: 300 },
  ...{ metricDelay: 120, slots: 4, partSeconds: 20, slotSecondsASecond: 1, overheadSeconds: 0 },
};
const oneMinute = [{ at: 600, seconds: 60 }];

test('an empty group serves a video once the metric was seen and a machine has booted, and then is empty again', () => {
  const day = simulateDay(oneMinute, policy);
  const [wait = 0] = day.firstPart;
  assert.ok(wait >= 120 + 180 && wait <= 120 + 60 + 15 + 180, `waited ${wait} s`);
  assert.deepEqual(day.whole, [wait + 20]);
  assert.equal(day.most, 1);
  // Booting, work, the delay of the metric, and stabilization; not the rest of the day.
  assert.ok(day.machineHours * 3600 < 180 + 20 + 120 + 60 + 300 + 60, `${day.machineHours * 3600} s`);
});

test('a machine that is there serves at once and costs all day', () => {
  const day = simulateDay(oneMinute, { ...policy, minimum: 1 });
  assert.deepEqual(day.firstPart, [0]);
  assert.equal(Math.round(day.machineHours), 24);
});

test('a burst grows the group to its maximum and no further, and all of it is done', () => {
  const burst = Array.from({ length: 50 }, () => ({ at: 600, seconds: 400 }));
  const day = simulateDay(burst, { ...policy, maximum: 3 });
  assert.equal(day.most, 3);
  assert.equal(day.whole.length, 50);
  // 1,000 parts of 20 s on 12 slots.
  assert.ok(Math.max(...day.whole) >= (1000 * 20) / 12);
});

test('parts that are cut off when the group shrinks are done all the same', () => {
  const day = simulateDay(dayOfLoad(1), { ...policy, target: 20, stabilizationSeconds: 0 });
  assert.ok(day.cutOff > 0);
  assert.equal(day.whole.length, dayOfLoad(1).length);
});

test('a target of seconds of video counts for every slot', () => {
  const video = simulateDay(dayOfLoad(2), { ...policy, signal: 'video', target: 50 });
  const messages = simulateDay(dayOfLoad(2), policy);
  // 50 s on 4 slots are 10 parts of 20 s.
  assert.ok(Math.abs(video.machineHours / messages.machineHours - 1) < 0.1);
});

test('a day is drawn the same again, in the order in which videos come', () => {
  const day = dayOfLoad(5);
  assert.deepEqual(day, dayOfLoad(5));
  assert.ok(day.every(({ at }, index) => at >= (day[index - 1]?.at ?? 0)));
});
