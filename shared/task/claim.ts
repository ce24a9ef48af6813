import { rows, type Db } from '../db/connect.ts';
import type { ClaimedStep } from './task.ts';

/**
 * Takes the lease of the next step, or answers null when nothing is ready or the fleet is paused.
 *
 * One statement decides: owners take turns (the one served longest ago comes first), within an owner priority and then
 * age decide, and SKIP LOCKED lets workers claim at once without waiting for each other.
 *
 * `turns` is materialized so that owners are tried in its order and only one step is locked.
 *
 * @param seconds length of the lease, by the database's clock
 */
export async function claimStep(db: Db, worker: string, seconds: number): Promise<ClaimedStep | null> {
  const [claimed] = await rows<ClaimedStep>(db, CLAIM, { worker, seconds });
  return claimed ?? null;
}

/** Bindings: worker, seconds. Public for measurements. */
export const CLAIM = /* sql */ `
with turns as materialized (
  select owner_id from shares
  where active and not exists (select from fleet where paused_at is not null)
  order by served_at, owner_id
),
next as materialized (
  select ready.id, ready.owner_id, ready.task_id
  from turns cross join lateral (
    select id, owner_id, task_id from steps
    where owner_id = turns.owner_id and state = 'waiting' and ready_at <= statement_timestamp()
    order by priority desc, id
    limit 1
    for update skip locked
  ) as ready
  limit 1
),
served as (
  -- A share that another claim is just marking is marked well enough.
  update shares set served_at = clock_timestamp()
  where owner_id in (
    select owner_id from shares where owner_id in (select owner_id from next) for no key update skip locked
  )
),
started as (
  -- A task that is locked is being cancelled or moved by somebody else; waiting for it here could deadlock.
  update tasks set status = 'running', started_at = coalesce(started_at, clock_timestamp())
  where id in (
    select id from tasks where id in (select task_id from next) and status = 'pending'
    for no key update skip locked
  )
)
update steps
set state = 'leased', attempt = steps.attempt + 1, tries = steps.tries + 1, worker = :worker, progress = 0,
    lease_until = clock_timestamp() + make_interval(secs => :seconds), started_at = clock_timestamp()
from next, tasks
where steps.id = next.id and tasks.id = next.task_id
returning steps.id as step, steps.attempt, steps.worker, steps.task_id as task, steps.owner_id as owner, steps.kind,
          steps.part, steps.input, tasks.profile, tasks.source, tasks.source_key, tasks.media, tasks.dry_run,
          tasks.request_id, tasks.trace
`;
