import assert from 'node:assert/strict';
import type { Run } from '../fault.ts';
import { recipeNamed } from '../recipes.ts';
import { openRun } from '../run.ts';
import { assertClean, type Scenario } from './scenario.ts';

/** Promise 5 of the design, the second half. */
const ANSWER_WITHIN_MS = 200;
const REQUESTS = 50;

export const brokerAway: Scenario = {
  name: 'broker-away',
  asserts: 'the broker frozen, then killed and empty: POST answers 201 within 200 ms, and every task succeeds',
  queue: 'pubsub',
  async run(t, queue) {
    const run = await openRun(t, { seed: this.name, fleet: { queue }, unfinished: 0 });
    const broker = run.fleet.broker;
    assert.ok(broker);
    const before = await post(run, 10);
    broker.freeze();
    const frozen = await post(run, REQUESTS);
    broker.thaw();
    await broker.restartEmpty();
    await post(run, 10);
    await assertClean(run);
    const median = frozen[Math.floor(frozen.length / 2)] ?? Infinity;
    const slow = frozen[Math.floor(frozen.length * 0.95)] ?? Infinity;
    assert.ok(slow <= ANSWER_WITHIN_MS, `95 % within ${slow} ms`);
    const usual = before[Math.floor(before.length / 2)] ?? 0;
    const ms = (time: number) => `${time.toFixed(0)} ms`;
    return `POST with a frozen broker: median ${ms(median)}, 95 % ${ms(slow)}, worst ${ms(frozen.at(-1) ?? 0)} (before: ${ms(usual)})`;
  },
};

/** One after the other. @returns how long each took, ms, the quickest first */
async function post({ stream }: Run, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let asked = 0; asked < count; asked++) {
    const submission = { ...stream.draw(recipeNamed('tiny')), by: 'url' as const };
    const began = performance.now();
    await stream.send(submission, asked);
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b);
}
