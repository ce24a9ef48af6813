import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../kit/until.ts';
import type { Run } from '../fault.ts';
import { setGate, type Moment } from '../gates.ts';
import { processesOf } from '../processes.ts';
import { recipeNamed } from '../recipes.ts';
import { openRun } from '../run.ts';
import { assertClean, ended, seconds, type Scenario } from './scenario.ts';

/** Promise 4 of the design. */
const GONE_WITHIN_MS = 2_000;
const STOPS = 50;
const RACES = 200;
/** Longer than a tiny task takes on an idle machine, ms. */
const RACE_MS = 2_500;

export const deleteAtGates: Scenario = {
  name: 'delete-at-gates',
  asserts: 'DELETE while a statement claims or finishes a step: the task is cancelled or done, never both',
  async run(t, queue) {
    const run = await openRun(t, { seed: this.name, fleet: { queue }, unfinished: 0 });
    const moments: Moment[] = [
      'claim ingest',
      'finish ingest',
      'claim clip',
      'finish clip',
      'claim finish',
      'finish finish',
    ];
    const ends: string[] = [];
    for (const moment of moments) {
      const gate = await setGate(run.fleet.db, run.fleet.postgres.url, moment);
      const { task, owner } = await sent(run, 'tiny');
      await gate.reached();
      const deleting = remove(run, task, owner);
      await gate.open();
      await deleting;
      ends.push(`${moment}: ${(await ended(run, task)).status}`);
    }
    await assertClean(run);
    return ends.join(', ');
  },
};

export const stopTimes: Scenario = {
  name: 'delete-stop-times',
  asserts: `DELETE while encoding, ${STOPS} times: FFmpeg is gone within 2 s`,
  async run(t, queue) {
    const run = await openRun(t, { seed: this.name, fleet: { queue }, unfinished: 0 });
    const times: number[] = [];
    for (let stop = 0; stop < STOPS; stop++) {
      const { task, owner } = await sent(run, 'long');
      await until(async () => (await encoders(run)) > 0, { what: 'FFmpeg works', timeout: 60_000 });
      await remove(run, task, owner);
      const began = performance.now();
      await until(async () => (await encoders(run)) === 0, { what: 'FFmpeg is gone', timeout: 30_000, every: 5 });
      times.push(performance.now() - began);
    }
    await assertClean(run);
    times.sort((a, b) => a - b);
    const worst = times.at(-1) ?? Infinity;
    assert.ok(worst <= GONE_WITHIN_MS, `it took ${seconds(worst)}`);
    return `median ${seconds(times[STOPS / 2] ?? 0)}, worst ${seconds(worst)}`;
  },
};

export const deleteRaces: Scenario = {
  name: 'delete-races',
  asserts: `${RACES} races of DELETE and finish: every task is cancelled, or done and removed; nothing is left over`,
  async run(t, queue) {
    const run = await openRun(t, { seed: this.name, fleet: { queue }, unfinished: 0 });
    const answers = new Map<number, number>();
    for (let race = 0; race < RACES; race++) {
      const { task, owner } = await sent(run, 'tiny');
      await pause(run.chosen.below(RACE_MS));
      const status = await remove(run, task, owner);
      answers.set(status, (answers.get(status) ?? 0) + 1);
    }
    await assertClean(run);
    assert.deepEqual(
      [...answers.keys()].filter((status) => status !== 200 && status !== 204),
      [],
    );
    return `${answers.get(200) ?? 0} cancelled, ${answers.get(204) ?? 0} were done and removed`;
  },
};

async function sent({ stream }: Run, recipe: string) {
  const submission = { ...stream.draw(recipeNamed(recipe)), by: 'url' as const };
  const task = await stream.send(submission);
  const entry = stream.accepted.find((one) => one.task === task);
  if (entry) entry.asked = 'cancel';
  return { task, owner: submission.owner };
}

/** @returns the status of DELETE */
async function remove({ fleet, stream }: Run, task: string, owner: number): Promise<number> {
  const headers = { authorization: `Bearer ${stream.token(owner)}` };
  const response = await fetch(new URL(`/tasks/${task}`, fleet.webs[0]?.url), { method: 'DELETE', headers });
  return response.status;
}

async function encoders({ fleet: { passing } }: Run): Promise<number> {
  const found = await processesOf(passing.work);
  return found.filter(({ command }) => /\bffmpeg /.test(command)).length;
}
