import { rows, type Db } from '../db/connect.ts';
import { failStep } from './fail.ts';
import { Problem } from './problem.ts';
import type { Lease } from './task.ts';

/** A step that was announced this long ago and still waits is announced again, if nobody works. */
const ANNOUNCE_AGAIN_SECONDS = 60;
/** Rows a sweep touches at once, so that it never holds many locks. */
const BATCH = 500;

export interface Swept {
  /** Leases that ran out and whose steps wait again. */
  expired: number;
  /** Steps that lost their worker once too often. */
  failed: number;
  /** Steps to announce now. */
  announce: number;
}

/**
 * Keeps everything alive: whatever nobody holds is made ready and announced again. Several sweeps at once do no harm.
 *
 * @param tries most attempts that count
 */
export async function sweepSteps(db: Db, tries: number): Promise<Swept> {
  const expired = await rows<Lease & { lost: boolean }>(db, EXPIRED, { tries, batch: BATCH });
  const taken = expired.some(({ lost }) => !lost) ? await rows(db, TAKE_BACK_EXPIRED, { tries, batch: BATCH }) : [];
  const failed = await failLost(
    db,
    expired.filter(({ lost }) => lost),
    tries,
  );
  const announce = await rows(db, MARK_ANNOUNCED, { again: ANNOUNCE_AGAIN_SECONDS, batch: BATCH });
  return { expired: taken.length, failed, announce: announce.length };
}

/** Lets owners without unfinished steps take no turns, so that a claim need not look at them. */
export async function retireShares(db: Db): Promise<void> {
  await db.raw(RETIRE_SHARES);
}

/** A step whose workers were all lost is failed, or it would go round for ever and take worker after worker with it. */
async function failLost(db: Db, lost: Lease[], tries: number): Promise<number> {
  let failed = 0;
  for (const lease of lost) {
    const result = await failStep(db, lease, new Problem('worker_lost'), { tries, expired: true });
    if (result.accepted) failed++;
  }
  return failed;
}

const TAKE_BACK_EXPIRED = /* sql */ `
with expired as materialized (
  select id from steps
  where state = 'leased' and lease_until < clock_timestamp() and tries < :tries
  order by lease_until limit :batch
  for no key update skip locked
)
update steps
set state = 'waiting', worker = null, lease_until = null, progress = 0, ready_at = clock_timestamp(),
    announced_at = null
from expired where steps.id = expired.id
returning steps.id
`;

/** Mostly nothing, and then nothing more has to be asked. */
const EXPIRED = /* sql */ `
select id as step, attempt, worker, task_id as task, owner_id as owner, kind, part, tries >= :tries as lost from steps
where state = 'leased' and lease_until < clock_timestamp()
order by lease_until limit :batch
`;

/**
 * While anybody works, lost announcements do no harm: a worker with free slots looks by itself. Announcing all that
 * waits again and again would only swell the backlog that the autoscaler goes by.
 */
const MARK_ANNOUNCED = /* sql */ `
with unheard as materialized (
  select id from steps
  where state = 'waiting' and ready_at <= clock_timestamp()
    and (
      announced_at is null
      or announced_at < clock_timestamp() - make_interval(secs => :again)
        and not exists (select from steps as held where held.state = 'leased')
    )
  limit :batch
  for no key update skip locked
)
update steps set announced_at = clock_timestamp() from unheard where steps.id = unheard.id
returning steps.id
`;

/**
 * A share activated meanwhile is left alone: the new version of the row no longer meets the condition on
 * `activated_at`.
 */
const RETIRE_SHARES = /* sql */ `
update shares set active = false
where active and activated_at < clock_timestamp() - interval '1 minute'
  and not exists (select from steps where steps.owner_id = shares.owner_id and steps.state = 'waiting')
  and not exists (select from steps where steps.owner_id = shares.owner_id and steps.state = 'leased')
`;
