import fc from 'fast-check';
import { rows, type Db } from '../../shared/db/connect.ts';
import { cancelTask } from '../../shared/task/cancel.ts';
import { claimStep } from '../../shared/task/claim.ts';
import { failStep } from '../../shared/task/fail.ts';
import { finishClip, finishIngest, finishSound, finishTask, type Finished } from '../../shared/task/finish.ts';
import { clipKey, fetchedSourceKey } from '../../shared/task/keys.ts';
import type { Media } from '../../shared/task/media.ts';
import { Problem } from '../../shared/task/problem.ts';
import { releaseStep } from '../../shared/task/release.ts';
import { leaseKey, renewLeases } from '../../shared/task/renew.ts';
import { retryTask } from '../../shared/task/retry.ts';
import { sweepSteps } from '../../shared/task/sweep.ts';
import type { ClaimedStep } from '../../shared/task/task.ts';
import { clipInputs, clipOf, expireLeases, newTask } from '../kit/tasks.ts';

/** Anything that web, a worker or a sweep does to tasks and steps. `pick` chooses among the tasks or leases there are. */
export interface Operation {
  kind: (typeof kinds)[number];
  pick: number;
}

// The more often named, the more often tried.
const kinds = [
  ...[
    'create',
    'claim',
    'claim',
    'claim',
    'claim',
    'claim',
    'finish',
    'finish',
    'finish',
    'finish',
    'finish',
    'finish',
  ],
  ...['renew', 'fail', 'give up', 'release', 'expire', 'sweep', 'sweep', 'cancel', 'retry'],
] as const;

/** Rounds of one or two operations at the same moment. */
export const rounds = fc.array(
  fc.array(fc.record({ kind: fc.constantFrom(...kinds), pick: fc.nat({ max: 8 }) }), { minLength: 1, maxLength: 2 }),
  { minLength: 20, maxLength: 60 },
);

export const TRIES = 3;

/** What the outside world knows: whom it asked for what, and what it was answered. */
export interface Known {
  owner: string;
  tasks: string[];
  /** Every lease ever given, late ones too: their holders may still write. */
  leases: ClaimedStep[];
  /** Leases, by `leaseKey`, whose finishing was accepted. */
  finished: string[];
}

/** Does one operation on one connection. Answers the lease whose holder's write was accepted, if it was one. */
export async function operate(db: Db, { kind, pick }: Operation, known: Known): Promise<ClaimedStep | null> {
  const task = known.tasks[pick % known.tasks.length];
  const lease = known.leases[known.leases.length - 1 - (pick % known.leases.length)];
  if (kind === 'create') known.tasks.push(await newTask(db, known.owner));
  if (kind === 'claim') {
    const claimed = await claimStep(db, `worker-${pick % 2}`, 20);
    if (claimed) known.leases.push(claimed);
  }
  if (kind === 'expire') await expireLeases(db);
  if (kind === 'sweep') await sweepSteps(db, TRIES);
  if (task && kind === 'cancel') await cancelTask(db, task, known.owner);
  if (task && kind === 'retry') await retryTask(db, task, known.owner);
  return lease && (await write(db, kind, lease, known)) ? lease : null;
}

async function write(db: Db, kind: Operation['kind'], lease: ClaimedStep, known: Known): Promise<boolean> {
  switch (kind) {
    case 'finish': {
      const { accepted } = await finish(db, lease);
      if (accepted) known.finished.push(leaseKey(lease));
      return accepted;
    }
    case 'renew':
      return (await renewLeases(db, [{ lease, progress: 0.5 }], 20)).size === 1;
    case 'fail':
      return (await failStep(db, lease, new Problem('source_unreachable'), { tries: TRIES })).accepted;
    case 'give up':
      return (await failStep(db, lease, new Problem('source_not_video'), { tries: TRIES })).accepted;
    case 'release':
      return releaseStep(db, lease);
    // All others are nobody's writes.
    case 'create':
    case 'claim':
    case 'expire':
    case 'sweep':
    case 'cancel':
    case 'retry':
      return false;
  }
}

export function finish(db: Db, lease: ClaimedStep): Promise<Finished> {
  switch (lease.kind) {
    case 'ingest': {
      const sourceKey = fetchedSourceKey(lease.task, lease.attempt);
      return finishIngest(db, lease, { sourceKey, media: {} as Media, clips: clipInputs(3), hasSoundStep: true });
    }
    case 'clip':
      return finishClip(db, lease, clipOf(lease));
    case 'sound':
      return finishSound(db, lease, { key: clipKey(lease.task, 0, lease.attempt), bytes: 1, seconds: 60 });
    case 'finish':
      return finishTask(db, lease);
  }
}

/** Steps that wait after a failure are ready at once. */
export async function hurry(db: Db): Promise<void> {
  await rows(db, `update steps set ready_at = clock_timestamp() where state = 'waiting' returning id`);
}
