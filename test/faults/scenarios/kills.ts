import assert from 'node:assert/strict';
import type { Cleanup } from '../../kit/undo.ts';
import type { Fault } from '../fault.ts';
import type { QueueName } from '../fleet.ts';
import { freezes } from '../kinds/freezes.ts';
import { serverKills } from '../kinds/server-kills.ts';
import { webKills } from '../kinds/web-kills.ts';
import { workerKills } from '../kinds/worker-kills.ts';
import { measure } from '../measure.ts';
import { openRun } from '../run.ts';
import { strikeOnce } from '../strike.ts';
import { assertClean, seconds, USUAL, type Scenario } from './scenario.ts';

/** Promise 3 of the design. */
const AGAIN_WITHIN_MS = 40_000;

/** What the long runs do again and again, once each and with the usual leases, so that the times are those of a service. */
export const killScenarios: Scenario[] = [
  of('kill-worker', 'a worker killed at each gate: its step runs elsewhere within 40 s', workerKills),
  of(
    'kill-web',
    'a web killed mid-upload, before and after the commit: the request sent again makes one task',
    webKills,
  ),
  of('freeze-worker', 'SIGSTOP past the lease, then CONT: the late writer changes nothing', freezes),
  of('stop-database', 'the database stopped at once, three times: what was committed is there, and work goes on', [
    ...serverKills.filter(({ queue }) => !queue),
    ...serverKills.filter(({ queue }) => !queue),
    ...serverKills.filter(({ queue }) => !queue),
  ]),
];

function of(name: string, asserts: string, faults: Fault[]): Scenario {
  async function run(t: Cleanup, queue: QueueName, say: (line: string) => void): Promise<string> {
    const opened = await openRun(t, { seed: name, fleet: { queue, env: USUAL }, unfinished: 2 });
    const struck = [];
    for (const fault of faults) {
      struck.push({ name: fault.name, hit: await strikeOnce(fault, opened) });
      say(`  ${fault.name}`);
      await opened.revived();
    }
    const again = await measure(opened.fleet, struck);
    await assertClean(opened);
    const times = [...again.values()].flat().filter((time) => time !== null);
    const worst = Math.max(...times);
    assert.ok(worst <= AGAIN_WITHIN_MS, `it took ${seconds(worst)}`);
    return `${faults.length} faults, again after at most ${seconds(worst)}`;
  }
  return { name, asserts, run };
}
