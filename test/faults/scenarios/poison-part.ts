import assert from 'node:assert/strict';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { rows } from '../../../shared/db/connect.ts';
import { openRun } from '../run.ts';
import type { ServiceProcess } from '../service-process.ts';
import { recipeNamed } from '../recipes.ts';
import { ended, type Scenario } from './scenario.ts';

const TRIES = 3;

/** A part that takes every worker with it that touches it. */
export const poisonPart: Scenario = {
  name: 'poison-part',
  asserts: `part 2 of 3 ends every worker that claims it: it fails after ${TRIES} tries, the other parts are made`,
  async run(t, queue) {
    const preload = [path.join(import.meta.dirname, '../dies-at-part.js')];
    const env = { STEP_TRIES: String(TRIES), FAULTS_POISON_PART: '2' };
    const run = await openRun(t, { seed: this.name, fleet: { queue, preload, env }, unfinished: 0 });
    const task = await run.stream.send({ ...run.stream.draw(recipeNamed('three')), by: 'url' });
    const stop = new AbortController();
    const supervising = Promise.all(run.fleet.workers.map((worker) => supervise(worker, stop.signal)));
    const end = await ended(run, task);
    stop.abort();
    await supervising;
    assert.deepEqual([end.status, end.code], ['failed', 'worker_lost']);
    const parts = await rows<{ part: number; state: string; attempt: number }>(
      run.fleet.db,
      `select part, state, attempt from steps where task_id = :task and kind = 'clip' order by part`,
      { task },
    );
    assert.deepEqual(
      parts.map(({ state }) => state),
      ['done', 'failed', 'done'],
    );
    assert.equal(parts[1]?.attempt, TRIES);
    const died = run.fleet.workers.flatMap(({ ends }) => ends).length;
    assert.equal(died, TRIES, 'no more workers died than there were tries');
    return `${died} workers lost, failed after ${end.seconds.toFixed(1)} s, ${parts.length - 1} clips made`;
  },
};

/** Starts a worker again whenever it has ended, as systemd would. */
async function supervise(worker: ServiceProcess, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    if (!worker.ready) await worker.start();
    await pause(100, undefined, { signal }).catch(() => {});
  }
}
