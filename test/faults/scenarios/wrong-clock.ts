import assert from 'node:assert/strict';
import path from 'node:path';
import { until } from '../../kit/until.ts';
import { endRun, openRun } from '../run.ts';
import type { Scenario } from './scenario.ts';

const HOUR_MS = 3_600_000;
const TASKS = 20;

/** Leases go by the database's clock alone. */
export const wrongClock: Scenario = {
  name: 'wrong-clock',
  asserts: 'one worker an hour ahead, one an hour behind: no lease is lost, every step is done at its first attempt',
  async run(t, queue) {
    const preload = [path.join(import.meta.dirname, '../shifted-clock.js')];
    const workerEnv = (index: number) => ({ FAULTS_CLOCK_MS: String(index === 1 ? HOUR_MS : -HOUR_MS) });
    const fleet = { queue, workers: 2, preload, workerEnv, env: { LEASE_SECONDS: '20' } };
    const run = await openRun(t, { seed: this.name, fleet, unfinished: 4 });
    await until(() => run.stream.accepted.length >= TASKS, { what: `${TASKS} tasks were sent`, timeout: 300_000 });
    const { violations, evidence } = await endRun(run);
    assert.deepEqual(violations, []);
    const claims = evidence.history.filter(({ became }) => became === 'leased');
    const again = claims.filter(({ attempt }) => (attempt ?? 0) > 1);
    assert.deepEqual(again, [], 'no step was claimed twice');
    return `${claims.length} steps, ${again.length} of them claimed again`;
  },
};
