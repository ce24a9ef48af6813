import { setTimeout as pause } from 'node:timers/promises';
import { rows } from '../../shared/db/connect.ts';
import { undo, type Cleanup } from '../kit/undo.ts';
import { until } from '../kit/until.ts';
import { gatherEvidence, type Evidence } from './evidence.ts';
import { Missed, type Fault, type Run, type Struck } from './fault.ts';
import { startFleet, type Fleet, type FleetOptions } from './fleet.ts';
import { freezes } from './kinds/freezes.ts';
import { serverKills } from './kinds/server-kills.ts';
import { webKills } from './kinds/web-kills.ts';
import { workerKills } from './kinds/worker-kills.ts';
import { newOwners } from './owners.ts';
import { random } from './random.ts';
import { draw, recipes } from './recipes.ts';
import { judge, type Violation } from './referee.ts';
import { openStream, OWNERS, unfinishedTasks } from './stream.ts';

export const faults: Fault[] = [...workerKills, ...webKills, ...serverKills, ...freezes];

/** Unfinished tasks at any time: enough that three workers have all kinds of steps at hand. */
const UNFINISHED = 9;
/** Faults wait while there are more: what they destroy has to be made up for, or a backlog would only grow. */
const MOST_UNFINISHED = 14;
/** Faults that may wait in vain, on a busy machine: a few, and so many of all. */
const MOST_IN_VAIN = 2;
const SHARE_IN_VAIN = 0.01;
const MISSED_PAUSE_MS = 200;
const CAUGHT_UP_WITHIN_MS = 120_000;
/** So many faults are on their way at once, each waiting for its own moment. */
const LANES = 3;
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
  /** Faults whose moment never came, and in whose place others were chosen. */
  vain: string[];
}

/** A steady stream of tasks, and one fault after the other, until so many processes were killed. Then the referee. */
export async function runKills(t: Cleanup, given: KillRun): Promise<KillReport> {
  const { kills, seed, only, fleet: options } = given;
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

  const { struck, vain } = await strikeAll(run, possible, given);
  const again = await measure(fleet, struck);
  const ends = await settleDown(run);
  const evidence = await gatherEvidence(fleet, stream, ends);
  return { violations: judge(evidence), evidence, again, kills, vain };
}

interface Strikes {
  struck: { name: string; hit: Struck }[];
  /** Faults whose moment never came. */
  vain: string[];
}

/** Faults are chosen in one order, by the seed; when each strikes is up to the moment that it waits for. */
async function strikeAll(run: Run, possible: Fault[], { kills, say }: KillRun): Promise<Strikes> {
  const strikes: Strikes = { struck: [], vain: [] };
  const under = new Set<Promise<void>>();
  const counts = (fault: Fault) => fault.kills || possible.every((other) => !other.kills);
  const began = performance.now();
  let coming = 0;
  let killed = 0;

  async function strike(fault: Fault): Promise<void> {
    try {
      strikes.struck.push({ name: fault.name, hit: await strikeOnce(fault, run) });
      if (counts(fault)) killed++;
      const seconds = ((performance.now() - began) / 1000).toFixed(0);
      say(`${seconds.padStart(5)} s  ${String(killed).padStart(4)}/${kills}  ${fault.name}`);
    } catch (error) {
      // Its moment never came: another takes its place, and the report says so.
      if (counts(fault)) coming--;
      say(`in vain: ${fault.name}: ${String(error)}`);
      strikes.vain.push(fault.name);
      if (strikes.vain.length > MOST_IN_VAIN + kills * SHARE_IN_VAIN) throw error;
    }
  }

  for (;;) {
    if (coming >= kills) await Promise.all(under);
    if (coming >= kills) return strikes;
    await caughtUp(run.fleet);
    const fault = run.chosen.pick(possible);
    if (counts(fault)) coming++;
    // The others' gates are held by connections to the database.
    if (fault.alone) await Promise.all(under);
    const striking: Promise<void> = strike(fault).finally(() => under.delete(striking));
    striking.catch(() => {});
    under.add(striking);
    if (fault.alone) await striking;
    if (under.size >= LANES) await Promise.race(under);
  }
}

async function caughtUp(fleet: Fleet): Promise<void> {
  const isLittle = async () => (await unfinishedTasks(fleet)) <= MOST_UNFINISHED;
  await until(isLittle, { what: 'the service has caught up', timeout: CAUGHT_UP_WITHIN_MS, every: 50 }).catch(
    async (error: unknown) => {
      throw new Error(`${String(error)}\n${await stateOf(fleet)}`, { cause: error });
    },
  );
}

/** Another fault may have been faster to end the process that this one was waiting for. */
async function strikeOnce(fault: Fault, run: Run): Promise<Struck> {
  for (;;) {
    try {
      return await fault.strike(run);
    } catch (error) {
      if (error instanceof Missed) {
        await pause(MISSED_PAUSE_MS);
        continue;
      }
      throw new Error(`${fault.name}: ${String(error)}\n${await stateOf(run.fleet)}`, { cause: error });
    }
  }
}

/** What there is to do, and who does it: for a fault whose moment never came. */
async function stateOf({ db, webs, workers }: Fleet): Promise<string> {
  const steps = await rows(
    db,
    `select kind, state, worker, attempt, tries, ready_at - clock_timestamp() as ready_in,
            lease_until - clock_timestamp() as left, count(*)
     from steps where state in ('waiting', 'leased') group by 1, 2, 3, 4, 5, 6, 7`,
  );
  const ready = [...webs, ...workers].map((one) => `${one.name} ${one.pid} ${one.ready ? 'ready' : 'not ready'}`);
  return [...ready, ...steps.map((step) => JSON.stringify(step))].join('\n');
}

function reviving(run: Omit<Run, 'revive' | 'revived' | 'inTurn'>): Run {
  const starting = new Set<Promise<void>>();
  const last = new Map<string, Promise<unknown>>();
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
    inTurn(of, fault) {
      const next = (last.get(of) ?? Promise.resolve()).then(fault);
      last.set(
        of,
        next.catch(() => {}),
      );
      return next;
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

async function measure({ db }: Fleet, struck: Strikes['struck']): Promise<KillReport['again']> {
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
