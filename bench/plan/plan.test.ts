import assert from 'node:assert/strict';
import test from 'node:test';
import { readQuestion } from './arguments.ts';
import { BUSY, planFleet, type Wanted } from './plan.ts';

const wanted: Wanted = {
  hoursPerDay: 240,
  deadline: 1800,
  video: 3600,
  peak: 1,
  figures: { cpuASecond: 0.9, cpuAPart: 2, partSeconds: 20, mostSeconds: null },
  vcpus: 4,
  price: 0.05,
  speed: 1,
};

function planned(change: Partial<Wanted> = {}) {
  const plan = planFleet({ ...wanted, ...change });
  if ('problem' in plan) throw new Error(plan.problem);
  return plan;
}

test('a second of video that costs a second of processor takes a slot for as long', () => {
  // 20 s of video: 18 s of processor and 2 s for the part.
  const plan = planned();
  assert.equal(Math.round(plan.cpuHours), 240);
  assert.equal(plan.average.toFixed(3), (10 / 4).toFixed(3));
  assert.equal(plan.machineHoursADay.toFixed(3), (60 / BUSY).toFixed(3));
  assert.equal(plan.dollarsADay.toFixed(3), ((60 / BUSY) * 0.05).toFixed(3));
});

test('a sharper peak and a shorter deadline take more machines, and faster ones take fewer', () => {
  assert.ok(planned({ peak: 3 }).machines > planned().machines);
  assert.ok(planned({ hoursPerDay: 1, deadline: 400 }).machines > planned({ hoursPerDay: 1 }).machines);
  assert.ok(planned({ speed: 2 }).machines < planned().machines);
});

test('of a profile that takes the first seconds only these cost', () => {
  const figures = { ...wanted.figures, partSeconds: 30, mostSeconds: 30 };
  assert.equal(planned({ figures }).cpuHours.toFixed(4), ((240 * (30 * 0.9 + 2)) / 3600).toFixed(4));
});

test('a deadline that no number of machines makes is refused with the least one', () => {
  assert.deepEqual(planFleet({ ...wanted, deadline: 60 }), {
    problem: 'A group that was empty needs 6 min at least: a machine boots, and one part is made.',
  });
});

test('a question is read with its defaults, and everything wrong is said at once', () => {
  const asked = readQuestion(['--hours-per-day', '5', '--deadline', '30m'], ['idrl']);
  assert.ok(!('problems' in asked));
  assert.deepEqual([asked.deadline, asked.video, asked.vcpus, asked.profile], [1800, 3600, 4, 'idrl']);
  const wrong = readQuestion(['--deadline', '30', '--machine', 'big', '--no', '1'], ['idrl']);
  assert.ok('problems' in wrong);
  // The option, hours, deadline, vCPUs and price of an unknown type.
  assert.equal(wrong.problems.length, 5);
});
