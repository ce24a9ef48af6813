import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../kit/until.ts';
import { Missed, type Fault, type Run, type Struck } from './fault.ts';
import type { Fleet } from './fleet.ts';
import { stateOf } from './run.ts';
import { unfinishedTasks } from './stream.ts';
import { PATIENCE_MS } from './patience.ts';

/** Faults wait while there are more: what they destroy has to be made up for, or a backlog would only grow. */
const MOST_UNFINISHED = 14;
/** Faults that may wait in vain, on a busy machine: a few, and so many of all. */
const MOST_IN_VAIN = 2;
const SHARE_IN_VAIN = 0.01;
const MISSED_PAUSE_MS = 200;
/** So many faults are on their way at once, each waiting for its own moment. */
const LANES = 3;

export interface Strikes {
  struck: { name: string; hit: Struck }[];
  /** Faults whose moment never came. */
  vain: string[];
}

/** Faults are chosen in one order, by the seed; when each strikes is up to the moment that it waits for. */
export async function strikeAll(
  run: Run,
  possible: Fault[],
  kills: number,
  say: (line: string) => void,
): Promise<Strikes> {
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
  await until(isLittle, { what: 'the service has caught up', timeout: PATIENCE_MS, every: 50 }).catch(
    async (error: unknown) => {
      throw new Error(`${String(error)}\n${await stateOf(fleet)}`, { cause: error });
    },
  );
}

/** Another fault may have been faster to end the process that this one was waiting for. */
export async function strikeOnce(fault: Fault, run: Run): Promise<Struck> {
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
