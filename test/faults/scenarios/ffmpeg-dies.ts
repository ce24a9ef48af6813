import assert from 'node:assert/strict';
import { until } from '../../kit/until.ts';
import { killWorker } from '../fault.ts';
import { leaseUnderWay } from '../leases.ts';
import { processesOf } from '../processes.ts';
import { openRun } from '../run.ts';
import { soon } from '../soon.ts';
import { assertClean, type Scenario } from './scenario.ts';

const KILLS = 10;
const GONE_WITHIN_MS = 1_000;

/** Promise 6 of the design. */
export const ffmpegDies: Scenario = {
  name: 'ffmpeg-dies-with-its-worker',
  asserts: `kill -9 of a worker that encodes, ${KILLS} times: its FFmpeg is gone within a second`,
  async run(t, queue) {
    const run = await openRun(t, { seed: this.name, fleet: { queue, workers: 1 }, unfinished: 0 });
    const times: number[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      // Two: a clip may be done before anything is told of it, and then there is another.
      await Promise.all([run.stream.send(soon(run, 'long')), run.stream.send(soon(run, 'long'))]);
      const lease = await until(() => leaseUnderWay(run.fleet, 'clip', 0.1), {
        what: 'a clip is encoded',
        timeout: 60_000,
      });
      const works = async () =>
        (await processesOf(run.fleet.passing.work)).some(({ command }) => /\bffmpeg /.test(command));
      await until(works, { what: 'FFmpeg works' });
      await killWorker(run, lease.pid);
      const began = performance.now();
      await until(async () => !(await works()), { what: 'FFmpeg is gone', every: 2 });
      times.push(performance.now() - began);
      await run.revived();
    }
    await assertClean(run);
    const worst = Math.max(...times);
    assert.ok(worst <= GONE_WITHIN_MS, `it took ${worst.toFixed(0)} ms`);
    return `worst ${worst.toFixed(0)} ms`;
  },
};
