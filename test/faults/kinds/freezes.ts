import { rows } from '../../../shared/db/connect.ts';
import { until } from '../../kit/until.ts';
import type { Fault, Run } from '../fault.ts';
import { setGate } from '../gates.ts';
import { leaseUnderWay } from '../leases.ts';
import { recipeNamed } from '../recipes.ts';

/** A worker that stands still past its lease and goes on afterwards: it does not know that it was given up. */
export const freezes: Fault[] = [
  { name: 'worker frozen past its lease: clip half encoded', weight: 1, kills: false, strike: halfEncoded },
  { name: 'worker frozen past its lease: clip stored, not written down', weight: 1, kills: false, strike: stored },
];

async function halfEncoded(run: Run) {
  const { fleet, stream } = run;
  const sending = stream.send(stream.draw(recipeNamed('long')));
  sending.catch(() => {});
  const lease = await until(() => leaseUnderWay(fleet.db, 'clip', 0.15), {
    what: 'a clip is half encoded',
    timeout: 60_000,
  });
  const struck = await freeze(run, lease);
  await sending;
  return struck;
}

/** The worst moment: it wakes, and the first that it does is to write down an attempt that counts no more. */
async function stored(run: Run) {
  const gate = await setGate(run.fleet.db, run.fleet.postgres.url, 'finish clip');
  const held = await gate.reached();
  return freeze(run, held, () => gate.undo(held));
}

async function freeze(
  { fleet: { workers, db } }: Run,
  lost: { step: string; attempt: number; pid: number },
  whileFrozen: () => Promise<void> = () => Promise.resolve(),
) {
  const victim = workers.find((worker) => worker.pid === lost.pid);
  if (!victim) throw new Error(`No worker has the process id ${lost.pid}.`);
  victim.signal('SIGSTOP');
  const at = new Date();
  try {
    await whileFrozen();
    const isTaken = async () => (await rows(db, TAKEN, { step: lost.step, attempt: lost.attempt })).length > 0;
    await until(isTaken, { what: 'another worker has taken the step', timeout: 60_000 });
  } finally {
    victim.signal('SIGCONT');
  }
  return { at, lost };
}

/** Or the task was cancelled meanwhile, and nobody has to take it. */
const TAKEN = /* sql */ `
select from faults.history where step = :step and (attempt > :attempt or became = 'cancelled')`;
