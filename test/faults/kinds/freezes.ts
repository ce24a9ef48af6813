import { rows } from '../../../shared/db/connect.ts';
import { until } from '../../kit/until.ts';
import { workerAt, type Fault, type Run } from '../fault.ts';
import { setGate } from '../gates.ts';
import { leaseUnderWay } from '../leases.ts';
import { soon } from '../soon.ts';
import { PATIENCE_MS } from '../patience.ts';

/** A worker that stands still past its lease and goes on afterwards: it does not know that it was given up. */
export const freezes: Fault[] = [
  {
    name: 'worker frozen past its lease: clip half encoded',
    weight: 1,
    kills: false,
    strike: (run) => run.inTurn('frozen worker', () => halfEncoded(run)),
  },
  {
    name: 'worker frozen past its lease: clip stored, not written down',
    weight: 1,
    kills: false,
    strike: (run) => run.inTurn('frozen worker', () => stored(run)),
  },
];

async function halfEncoded(run: Run) {
  const { fleet, stream } = run;
  const sending = stream.send(soon(run, 'long'));
  sending.catch(() => {});
  const lease = await until(() => leaseUnderWay(fleet, 'clip', 0.15), {
    what: 'a clip is half encoded',
    timeout: PATIENCE_MS,
  });
  const struck = await freeze(run, lease);
  await sending;
  return struck;
}

/** The worst moment: it wakes, and the first that it does is to write down an attempt that counts no more. */
async function stored(run: Run) {
  // A long one: it wakes before another has made the clip and the task has ended, which would keep it out as well.
  const task = await run.stream.send(soon(run, 'long'));
  const gate = await setGate(run.fleet.db, run.fleet.postgres.url, 'finish clip', task);
  const held = await gate.reached();
  return freeze(run, held, () => gate.undo(held)).finally(() => gate.open());
}

async function freeze(
  run: Run,
  lost: { step: string; attempt: number; pid: number },
  whileFrozen: () => Promise<void> = () => Promise.resolve(),
) {
  const victim = workerAt(run, lost.pid);
  victim.signal('SIGSTOP');
  const at = new Date();
  try {
    await whileFrozen();
    const isTaken = async () =>
      (await rows(run.fleet.db, TAKEN, { step: lost.step, attempt: lost.attempt })).length > 0;
    await until(isTaken, { what: 'another worker has taken the step', timeout: PATIENCE_MS });
  } finally {
    victim.signal('SIGCONT');
  }
  return { at, lost };
}

/** Or the task was cancelled meanwhile, and nobody has to take it. */
const TAKEN = /* sql */ `
select from faults.history where step = :step and (attempt > :attempt or became = 'cancelled')`;
