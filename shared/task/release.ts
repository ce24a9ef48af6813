import { rows, type Db } from '../db/connect.ts';
import type { Lease } from './task.ts';

/**
 * Gives a step back untouched, because its worker stops: the attempt does not count.
 * Announce one step when this answers true.
 *
 * @returns false when the lease was no longer the worker's
 */
export async function releaseStep(db: Db, lease: Lease): Promise<boolean> {
  const released = await rows(
    db,
    `update steps
     set state = 'waiting', tries = tries - 1, worker = null, lease_until = null, progress = 0,
         announced_at = clock_timestamp()
     where id = :step and attempt = :attempt and worker = :worker and state = 'leased'
     returning id`,
    { step: lease.step, attempt: lease.attempt, worker: lease.worker },
  );
  return released.length === 1;
}
