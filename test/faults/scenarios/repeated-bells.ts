import assert from 'node:assert/strict';
import path from 'node:path';
import { until } from '../../kit/until.ts';
import { endRun, openRun } from '../run.ts';
import type { Scenario } from './scenario.ts';

const TASKS = 30;

/** The row is the truth, a message is a doorbell. */
export const repeatedBells: Scenario = {
  name: 'repeated-bells',
  asserts: 'every announcement comes three times and out of order: every step is done once, at its first attempt',
  async run(t, queue) {
    const preload = [path.join(import.meta.dirname, '../thrice.js')];
    const fleet = { queue, preload, webPreload: preload, env: { LEASE_SECONDS: '20' } };
    const run = await openRun(t, { seed: this.name, fleet, unfinished: 6 });
    await until(() => run.stream.accepted.length >= TASKS, { what: `${TASKS} tasks were sent`, timeout: 300_000 });
    const { violations, evidence } = await endRun(run);
    assert.deepEqual(violations, []);
    const claims = evidence.history.filter(({ became }) => became === 'leased');
    const again = claims.filter(({ attempt }) => (attempt ?? 0) > 1);
    assert.deepEqual(again, [], 'no step was claimed twice');
    return `${claims.length} steps, ${again.length} of them claimed again`;
  },
};
