import { rows } from '../../shared/db/connect.ts';
import { undo, type Cleanup } from '../kit/undo.ts';
import { until } from '../kit/until.ts';
import { gatherEvidence, type Evidence } from './evidence.ts';
import type { Run } from './fault.ts';
import { startFleet, type Fleet, type FleetOptions } from './fleet.ts';
import { newOwners } from './owners.ts';
import { random } from './random.ts';
import { draw, recipes } from './recipes.ts';
import { judge, type Violation } from './referee.ts';
import { openStream, OWNERS, unfinishedTasks } from './stream.ts';
import { PATIENCE_MS } from './patience.ts';

export interface RunOptions {
  seed: string;
  fleet: FleetOptions;
  /** Tasks that are kept unfinished at any time; 0 sends none but those that are asked for. */
  unfinished: number;
}

export interface Judged {
  violations: Violation[];
  evidence: Evidence;
}

/** The service as processes, owners, and a stream of tasks. */
export async function openRun(t: Cleanup, { seed, fleet: options, unfinished }: RunOptions): Promise<Run> {
  for (const recipe of recipes) await draw(recipe);
  const fleet = await startFleet(t, options);
  const ending = new AbortController();
  undo(t, () => ending.abort());
  const owners = await newOwners(fleet.webs, OWNERS, ending.signal);
  const seeded = random(seed);
  const stream = openStream(fleet, owners, seeded, unfinished);
  undo(t, () => stream.stop());
  return reviving({ fleet, stream, chosen: seeded.apart('faults') });
}

/** Lets everything come to its end, and hands what is left to the referee. */
export async function endRun(run: Run): Promise<Judged> {
  const ends = await settleDown(run);
  const evidence = await gatherEvidence(run.fleet, run.stream, ends);
  return { violations: judge(evidence), evidence };
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
  await until(allEnd, { what: 'all tasks have ended', timeout: PATIENCE_MS, every: 100 }).catch(() => {});
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
    timeout: PATIENCE_MS,
    every: 100,
  }).catch(() => {});
}

/** What there is to do, and who does it: for a fault whose moment never came. */
export async function stateOf({ db, webs, workers }: Fleet): Promise<string> {
  const steps = await rows(
    db,
    `select kind, state, worker, attempt, tries, ready_at - clock_timestamp() as ready_in,
            lease_until - clock_timestamp() as left, count(*)
     from steps where state in ('waiting', 'leased') group by 1, 2, 3, 4, 5, 6, 7`,
  );
  const ready = [...webs, ...workers].map((one) => `${one.name} ${one.pid} ${one.ready ? 'ready' : 'not ready'}`);
  return [...ready, ...steps.map((step) => JSON.stringify(step))].join('\n');
}
