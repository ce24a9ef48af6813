import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explore, type World } from './explore.ts';
import { guards, type Guards } from './guards.ts';
import type { Budget } from './state.ts';

const nothing: Budget = {
  ...{ kills: 0, expiries: 0, lostBells: 0, repeatedBells: 0, failures: 0, stops: 0, scaleIns: 0 },
  ...{ lostAnswers: 0, deletes: 0 },
};

/** Small enough to be looked at whole, each with what its faults can do to each other. */
const worlds: World[] = [
  { name: 'killed and cut off', parts: 1, planned: true, budget: { ...nothing, kills: 3, expiries: 2, deletes: 1 } },
  {
    name: 'failing and stopping',
    parts: 1,
    planned: true,
    budget: { ...nothing, kills: 1, expiries: 1, failures: 2, stops: 1 },
  },
  {
    name: 'answers lost',
    parts: 1,
    planned: false,
    budget: { ...nothing, kills: 1, expiries: 1, lostAnswers: 2, deletes: 1 },
  },
  {
    name: 'bells and machines',
    parts: 1,
    planned: false,
    budget: { ...nothing, kills: 1, lostBells: 2, repeatedBells: 1, scaleIns: 2 },
  },
  { name: 'two parts', parts: 2, planned: true, budget: { ...nothing, kills: 1, expiries: 1, deletes: 1 } },
  {
    name: 'a part and the sound',
    ...{ parts: 2, planned: true, sound: true },
    budget: { ...nothing, expiries: 1, lostAnswers: 1, failures: 1 },
  },
  { name: 'two parts from the start', parts: 2, planned: false, budget: { ...nothing, failures: 1, deletes: 1 } },
];

/** The first world in which a promise is broken, and how. */
function findBroken(promise: RegExp, changed: Partial<Guards>): string | undefined {
  for (const world of worlds) {
    const { violations } = explore(world, { ...guards, ...changed });
    const found = [...violations].find(([broken]) => promise.test(broken));
    if (found) return `${world.name}: ${found[1].join(' → ')}`;
  }
  return undefined;
}

test('with every guard in place no promise can be broken', (t) => {
  for (const world of worlds) {
    const { states, violations } = explore(world, guards);
    t.diagnostic(`${world.name}: ${states} states, ${violations.size} violations`);
    assert.deepEqual([...violations], []);
  }
});

/** Which promise goes first without a guard: so each one is needed, and the model sees what it is for. */
const needed: Record<keyof Guards, RegExp> = {
  claimInOneStatement: /a step was taken that did not wait/,
  fenceFinish: /a stale attempt was published/,
  fenceFail: /failed another's step/,
  fenceRelease: /gave back another's step/,
  fenceRenew: /renewed another's lease/,
  expiredStill: /the sweep failed a lease that had been renewed/,
  countInTheRow: /a task can never end/,
  cancelLooksAgain: /a cancelled task has work/,
  attemptInKey: /a published file was overwritten/,
  askTheRow: /a published file is gone/,
  takeBackExpired: /a task can never end/,
  countLostWorkers: /a step is tried without end/,
  announceUnheard: /a task can never end/,
  announceWhenNobodyWorks: /a task can never end/,
};

for (const [guard, promise] of Object.entries(needed)) {
  test(`without ${guard}, ${promise.source}`, (t) => {
    const found = findBroken(promise, { [guard]: false });
    assert.ok(found, 'nothing was broken without it');
    t.diagnostic(found);
  });
}
