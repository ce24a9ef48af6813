import type { Cleanup } from '../kit/undo.ts';
import type { Fault } from './fault.ts';
import type { FleetOptions } from './fleet.ts';
import { freezes } from './kinds/freezes.ts';
import { serverKills } from './kinds/server-kills.ts';
import { webKills } from './kinds/web-kills.ts';
import { workerKills } from './kinds/worker-kills.ts';
import { measure, type Again } from './measure.ts';
import { endRun, openRun, type Judged } from './run.ts';
import { strikeAll } from './strike.ts';

export const faults: Fault[] = [...workerKills, ...webKills, ...serverKills, ...freezes];

/** Unfinished tasks at any time, besides those that faults send for themselves: enough that no worker is idle for long. */
const UNFINISHED = 5;

export interface KillRun {
  kills: number;
  seed: string;
  /** Which faults; all that the queue allows when not given. */
  only?: Fault[];
  fleet: FleetOptions;
  say: (line: string) => void;
}

export interface KillReport extends Judged {
  again: Again;
  kills: number;
  /** Faults whose moment never came, and in whose place others were chosen. */
  vain: string[];
}

/** A steady stream of tasks, and one fault after the other, until so many processes were killed. Then the referee. */
export async function runKills(t: Cleanup, { kills, seed, only, fleet, say }: KillRun): Promise<KillReport> {
  const run = await openRun(t, { seed, fleet, unfinished: Math.min(UNFINISHED, kills + 1) });
  const possible = (only ?? faults).filter(({ queue }) => !queue || queue === fleet.queue);
  const { struck, vain } = await strikeAll(run, possible, kills, say);
  const again = await measure(run.fleet, struck);
  return { ...(await endRun(run)), again, kills, vain };
}
