import { rows, type Db } from '../db/connect.ts';
import { FINISH_STEP, type Finished, type Ingested } from './finish.ts';
import type { Lease, TaskPlan } from './task.ts';

/**
 * The ingest step of a dry run is done, and with it the task: its source stays, so that it can be replayed.
 *
 * @param cpuSeconds what the attempt took; null where it is not known
 */
export async function finishDryRun(
  db: Db,
  lease: Lease,
  { ingested, plan }: { ingested: Pick<Ingested, 'sourceKey' | 'media'>; plan: TaskPlan },
  cpuSeconds: number | null,
): Promise<Finished> {
  const [result] = await rows<Finished>(db, FINISH_DRY_RUN, {
    ...lease,
    sourceKey: ingested.sourceKey,
    media: JSON.stringify(ingested.media),
    plan: JSON.stringify(plan),
    output: '{}',
    cpuSeconds,
  });
  return result ?? { accepted: false, announced: 0 };
}

const FINISH_DRY_RUN = /* sql */ `
${FINISH_STEP},
planned as (
  update tasks
  set status = 'succeeded', started_at = coalesce(started_at, clock_timestamp()), finished_at = clock_timestamp(),
      source_key = :sourceKey, media = cast(:media as jsonb), plan = cast(:plan as jsonb), parts_left = 0,
      stored_bytes = cast(cast(:media as jsonb) ->> 'bytes' as bigint)
  from step where tasks.id = step.task_id
  returning tasks.id
)
select exists (select from step) as accepted, 0 as announced
`;
