import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { rows } from '../../../shared/db/connect.ts';
import { until } from '../../kit/until.ts';
import type { Run } from '../fault.ts';
import { openRun } from '../run.ts';
import { assertClean, seconds, type Scenario } from './scenario.ts';

const AWAY_MS = 60_000;
/** A readiness check gives up after two seconds, a query after twenty. */
const ANSWER_WITHIN_MS = 30_000;

/** Promise 5 of the design, the first half: the database stands still, and its connections stay open. */
export const databaseAway: Scenario = {
  name: 'database-away',
  asserts: 'the database frozen for 60 s: the API answers 503 with Retry-After, and all heals by itself',
  async run(t, queue, say) {
    const run = await openRun(t, { seed: this.name, fleet: { queue }, unfinished: 4 });
    await until(() => hasClaimed(run, new Date(0)), { what: 'work goes on', timeout: 60_000 });
    await run.fleet.postgres.freeze();
    const until60 = pause(AWAY_MS);
    const slowest = await probeWhile(run, until60);
    run.fleet.postgres.thaw();
    const back = new Date();
    say(`  503 after at most ${seconds(slowest)}`);
    await until(() => answers(run), { what: 'the API answers again', timeout: 60_000, every: 50 });
    const api = Date.now() - back.getTime();
    await until(() => hasClaimed(run, back), { what: 'a step is claimed again', timeout: 60_000, every: 50 });
    const worker = Date.now() - back.getTime();
    await assertClean(run);
    return `503 within ${seconds(slowest)}; API back after ${seconds(api)}, workers after ${seconds(worker)}`;
  },
};

/** Asks for the tasks of an owner, again and again. @returns the slowest answer, ms */
async function probeWhile(run: Run, away: Promise<void>): Promise<number> {
  let isAway = true;
  void away.then(() => (isAway = false));
  let slowest = 0;
  for (let asked = 0; isAway; asked++) {
    const began = performance.now();
    const response = await ask(run, asked);
    const took = performance.now() - began;
    // Thawed meanwhile: no answer of the time that is looked at.
    if (!isAway) break;
    assert.equal(response.status, 503);
    assert.ok(Number(response.headers.get('retry-after')) > 0, 'says when to try again');
    assert.match(await response.text(), /"code":"unavailable"/);
    slowest = Math.max(slowest, took);
  }
  return slowest;
}

function ask({ fleet, stream }: Run, turn: number): Promise<Response> {
  const web = fleet.webs[turn % fleet.webs.length];
  const headers = { authorization: `Bearer ${stream.token(0)}` };
  return fetch(new URL('/tasks', web?.url), { headers, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
}

async function answers(run: Run): Promise<boolean> {
  const answered = await Promise.all([ask(run, 0), ask(run, 1)]);
  return answered.every(({ status }) => status === 200);
}

async function hasClaimed({ fleet: { db } }: Run, since: Date): Promise<boolean> {
  const found = await rows(db, `select from faults.history where became = 'leased' and at > :since limit 1`, { since });
  return found.length > 0;
}
