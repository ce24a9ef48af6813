import { rows } from '../../shared/db/connect.ts';
import { undo, type Cleanup } from '../kit/undo.ts';
import { until } from '../kit/until.ts';
import { gatherEvidence, type Evidence } from './evidence.ts';
import type { Fault, Run, Struck } from './fault.ts';
import { startFleet, type Fleet, type FleetOptions } from './fleet.ts';
import { freezes } from './kinds/freezes.ts';
import { serverKills } from './kinds/server-kills.ts';
import { webKills } from './kinds/web-kills.ts';
import { workerKills } from './kinds/worker-kills.ts';
import { newOwners } from './owners.ts';
import { random } from './random.ts';
import { draw, recipes } from './recipes.ts';
import { judge, type Violation } from './referee.ts';
import { openStream, OWNERS, unfinishedTasks, type Stream } from './stream.ts';

export const faults: Fault[] = [...workerKills, ...webKills, ...serverKills, ...freezes];

/** Unfinished tasks at any time: enough that three workers have all kinds of steps at hand. */
const UNFINISHED = 6;
const ALL_END_WITHIN_MS = 180_000;

export interface KillRun {
  kills: number;
  seed: string;
  /** Which faults; all that the queue allows when not given. */
  only?: Fault[];
  fleet: FleetOptions;
  say: (line: string) => void;
}

export interface KillReport {
  violations: Violation[];
  evidence: Evidence;
  /** Times until the service went on, ms, by fault; null where nothing had to be done again. */
  again: Map<string, (number | null)[]>;
  kills: number;
}

/** A steady stream of tasks, and one fault after the other, until so many processes were killed. Then the referee. */
export async function runKills(t: Cleanup, { kills, seed, only, fleet: options, say }: KillRun): Promise<KillReport> {
  for (const recipe of recipes) await draw(recipe);
  const fleet = await startFleet(t, options);
  const ending = new AbortController();
  undo(t, () => ending.abort());
  const owners = await newOwners(fleet.webs, OWNERS, ending.signal);
  const seeded = random(seed);
  const stream = openStream(fleet, owners, seeded, UNFINISHED);
  undo(t, () => stream.stop());
  const run = reviving({ fleet, stream, chosen: seeded.apart('faults') });
  const possible = (only ?? faults).filter(({ queue }) => !queue || queue === options.queue);

  const struck: { name: string; hit: Struck }[] = [];
  const began = performance.now();
  let killed = 0;
  while (killed < kills) {
    const fault = run.chosen.pick(possible);
    const hit = await fault.strike(run);
    struck.push({ name: fault.name, hit });
    if (fault.kills) killed++;
    say(`${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s  ${killed}/${kills}  ${fault.name}`);
  }
  const again = await measure(fleet, struck);
  const ends = await settleDown(run);
  const evidence = await gatherEvidence(fleet, stream, ends);
  return { violations: judge(evidence), evidence, again, kills: killed };
}

function reviving(run: Omit<Run, 'revive' | 'revived'>): Run {
  const starting = new Set<Promise<void>>();
  return {
    ...run,
    revive(process) {
      const started: Promise<void> = process.start().finally(() => starting.delete(started));
      // Whoever waits for all of them hears of it.
      started.catch(() => {});
      starting.add(started);
    },
    async revived() {
      await Promise.all(starting);
    },
  };
}

/** No more tasks; all that there are end; the sweep removes what is due; everybody stops. @returns who did not stop well */
async function settleDown(run: Run): Promise<string[]> {
  const { fleet, stream } = run;
  await run.revived();
  await stream.stop();
  const allEnd = async () => (await unfinishedTasks(fleet)) === 0;
  // What does not end is for the referee to say.
  await until(allEnd, { what: 'all tasks have ended', timeout: ALL_END_WITHIN_MS, every: 100 }).catch(() => {});
  await sweepEverything(fleet);
  const ends: string[] = [];
  for (const process of [...fleet.workers, ...fleet.webs]) {
    const end = await process.stop();
    if (end !== 0) ends.push(`${process.name} did not stop well: ${end}`);
  }
  return ends;
}

/** As if the time limits of all uploads had passed. */
async function sweepEverything({ db }: Fleet): Promise<void> {
  await db.raw(`update removals set due_at = clock_timestamp()`);
  await until(async () => (await rows(db, `select from removals`)).length === 0, {
    what: 'all that is due is removed',
    timeout: 60_000,
    every: 100,
  }).catch(() => {});
}

async function measure({ db }: Fleet, struck: { name: string; hit: Struck }[]): Promise<KillReport['again']> {
  const again: KillReport['again'] = new Map();
  for (const { name, hit } of struck) {
    const known = again.get(name) ?? [];
    again.set(name, [...known, await timeOf(hit)]);
  }
  return again;

  async function timeOf({ at, lost, again: seen }: Struck): Promise<number | null> {
    if (seen) return seen.catch(() => null);
    if (!lost) return null;
    const next = async () =>
      (
        await rows<{ at: Date; became: string }>(
          db,
          `select at, became from faults.history
           where step = :step and (attempt > :attempt and became = 'leased' or became = 'cancelled') order by id limit 1`,
          { step: lost.step, attempt: lost.attempt },
        )
      )[0];
    const found = await until(next, { what: 'the lost step is taken again', timeout: 60_000 }).catch(() => undefined);
    return found?.became === 'leased' ? found.at.getTime() - at.getTime() : null;
  }
}

export type { Stream };
