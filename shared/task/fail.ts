import { rows, type Db } from '../db/connect.ts';
import { ADD_CPU, LOCK_TASK } from './finish.ts';
import type { Problem } from './problem.ts';
import type { Lease, TaskError } from './task.ts';

/** Seconds until a failed step is ready again: 2, 4, 8 … at most 60. */
const BACKOFF_SECONDS = 2;
const BACKOFF_MOST_SECONDS = 60;

export interface Failed {
  /** False when the lease was no longer the worker's: nothing was changed. */
  accepted: boolean;
  /** Whether the step will be tried again. */
  again: boolean;
}

/**
 * A step failed. One that may be tried again waits for a while; else it stays failed, and its task fails with the first
 * error once no part, nor the sound, is left to do. Other parts are not harmed.
 *
 * @param tries most attempts that count
 * @param expired set by the sweep, which may only touch a lease that is still run out
 * @param cpuSeconds what the attempt took; null where it is not known
 */
export async function failStep(
  db: Db,
  lease: Lease,
  problem: Problem,
  options: { tries: number; expired?: boolean; cpuSeconds?: number | null },
): Promise<Failed> {
  const [result] = await rows<Failed>(db, FAIL, {
    ...lease,
    tries: options.tries,
    expired: options.expired ?? false,
    cpuSeconds: options.cpuSeconds ?? null,
    retryable: problem.retryable,
    error: JSON.stringify(taskError(lease, problem)),
    backoff: BACKOFF_SECONDS,
    most: BACKOFF_MOST_SECONDS,
  });
  return result ?? { accepted: false, again: false };
}

/** What the owner reads about a problem. */
export function taskError(step: Pick<Lease, 'kind' | 'part'>, problem: Problem): TaskError {
  return {
    code: problem.code,
    phase: step.kind,
    part: step.part,
    message: problem.message,
    retryable: problem.retryable,
  };
}

const FAIL = /* sql */ `
with ${LOCK_TASK},
step as (
  update steps
  set state = case when :retryable and steps.tries < :tries then 'waiting' else 'failed' end,
      finished_at = case when :retryable and steps.tries < :tries then null else clock_timestamp() end,
      ready_at = clock_timestamp() + make_interval(secs => least(:most, :backoff * power(2, steps.tries - 1))),
      announced_at = null, error = cast(:error as jsonb), worker = null, lease_until = null, progress = 0,
      ${ADD_CPU}
  from locked
  where steps.task_id = locked.id and steps.id = :step and steps.attempt = :attempt and steps.worker = :worker
    and steps.state = 'leased' and (not :expired or steps.lease_until < clock_timestamp())
  returning steps.task_id, steps.kind, steps.state
),
counted as (
  update tasks
  set error = coalesce(tasks.error, cast(:error as jsonb)),
      parts_left = case when step.kind in ('clip', 'sound') then tasks.parts_left - 1 else tasks.parts_left end,
      status = case when step.kind not in ('clip', 'sound') or tasks.parts_left = 1 then 'failed' else tasks.status end,
      finished_at = case when step.kind not in ('clip', 'sound') or tasks.parts_left = 1 then clock_timestamp() end
  from step where tasks.id = step.task_id and step.state = 'failed'
  returning tasks.id
)
select exists (select from step) as accepted, exists (select from step where state = 'waiting') as again
`;
