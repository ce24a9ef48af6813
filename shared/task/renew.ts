import { rows, type Db } from '../db/connect.ts';
import type { Lease } from './task.ts';

/** A lease and how far its work is, from 0 to 1. */
export interface Renewal {
  lease: Lease;
  progress: number;
}

/**
 * Heartbeat, progress and the question "still wanted?" of all the steps of one worker in one exchange.
 *
 * Rows are locked in the order of their ids, as `cancelTask` does, so that the two cannot deadlock.
 *
 * @returns the keys (`leaseKey`) of the leases that are still the worker's; what is missing was cancelled or given to
 * another, which may be a later attempt of the same worker
 */
export async function renewLeases(db: Db, renewals: Renewal[], seconds: number): Promise<Set<string>> {
  if (renewals.length === 0) return new Set();
  const given = renewals.map(({ lease, progress }) => ({
    step: lease.step,
    attempt: lease.attempt,
    worker: lease.worker,
    progress: Math.min(1, Math.max(0, progress)),
  }));
  const renewed = await rows<Pick<Lease, 'step' | 'attempt'>>(db, RENEW, { given: JSON.stringify(given), seconds });
  return new Set(renewed.map(leaseKey));
}

/** Tells a lease from all others: one worker may hold a late and a current attempt of the same step. */
export function leaseKey({ step, attempt }: Pick<Lease, 'step' | 'attempt'>): string {
  return `${step}/${attempt}`;
}

/**
 * Not waited for until it is on the disk: a crash of the database loses what was renewed in its last moments, and leases
 * are much longer. Dozens of workers that renew each second would have the commits of all others wait for the disk.
 */
const RENEW = /* sql */ `
with quick as materialized (
  select set_config('synchronous_commit', 'off', true) as setting
),
given as (
  select g.* from quick, jsonb_to_recordset(cast(:given as jsonb)) as g(step bigint, attempt integer, worker text, progress real)
),
held as materialized (
  select steps.id, given.progress
  from steps join given
    on steps.id = given.step and steps.attempt = given.attempt and steps.worker = given.worker
  where steps.state = 'leased'
  order by steps.id
  for no key update of steps
)
update steps
set lease_until = clock_timestamp() + make_interval(secs => :seconds),
    progress = greatest(steps.progress, held.progress)
from held
where steps.id = held.id
returning steps.id as step, steps.attempt
`;
