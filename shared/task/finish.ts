import { rows, type Db } from '../db/connect.ts';
import { partPrefix } from './keys.ts';
import type { Media } from './media.ts';
import type { ClipInput } from './plan.ts';
import type { Lease, StoredClip, StoredPart, StoredSound, StoredStream } from './task.ts';

/**
 * What became of a finished step: `accepted` is false when the lease was no longer the worker's, and then nothing was
 * changed; `announced` counts the steps that came to be and want to be announced.
 */
export interface Finished {
  accepted: boolean;
  announced: number;
}

/** Where the source lies now, what it is, and the parts to make. */
export interface Ingested {
  sourceKey: string;
  media: Media;
  clips: ClipInput[];
  /** Whether the sound is made once, in a step of its own. */
  hasSoundStep: boolean;
}

/**
 * The ingest step is done: its clip steps begin to wait, and that of the sound if there is one.
 * @param cpuSeconds here and below: what the attempt took; null where it is not known
 */
export async function finishIngest(db: Db, lease: Lease, ingested: Ingested, cpuSeconds: number | null = null) {
  const clips = ingested.clips.map((input) => ({ part: input.part.number, input }));
  return finished(db, FINISH_INGEST, lease, {
    sourceKey: ingested.sourceKey,
    media: JSON.stringify(ingested.media),
    clips: JSON.stringify(clips),
    hasSoundStep: ingested.hasSoundStep,
    output: '{}',
    cpuSeconds,
  });
}

/**
 * A clip step is done. The last one makes the finish step, or ends the task as failed when another part failed: the
 * parts that came out well stay, and a retry makes only what is missing.
 */
export async function finishClip(
  db: Db,
  lease: Lease,
  clip: StoredClip | StoredPart,
  cpuSeconds: number | null = null,
) {
  return finished(db, FINISH_CLIP, lease, { output: JSON.stringify(clip), cpuSeconds });
}

/** The sound of the whole source is done: it counts like a part. */
export async function finishSound(db: Db, lease: Lease, sound: StoredSound, cpuSeconds: number | null = null) {
  return finished(db, FINISH_CLIP, lease, { output: JSON.stringify(sound), cpuSeconds });
}

/**
 * The finish step is done, and with it the task.
 * @param whole what the parts were joined to; their own files have no use any more. Null where each is a clip
 */
export async function finishTask(
  db: Db,
  lease: Lease,
  cpuSeconds: number | null = null,
  whole: StoredClip | StoredStream | null = null,
): Promise<Finished> {
  const parts = whole && partPrefix(lease.task);
  return finished(db, FINISH_TASK, lease, { output: JSON.stringify(whole ?? {}), parts, cpuSeconds });
}

async function finished(db: Db, sql: string, lease: Lease, more: Record<string, unknown>): Promise<Finished> {
  const [result] = await rows<Finished>(db, sql, { ...lease, ...more });
  return result ?? { accepted: false, announced: 0 };
}

/**
 * The task is locked before its step, in the same order everywhere (cancel, fail, retry), so that nothing deadlocks.
 * Then the step is finished, if the lease is still the writer's. What follows happens only if it was.
 */
export const LOCK_TASK = /* sql */ `
locked as materialized (
  select id from tasks where id = :task and status in ('pending', 'running') for no key update
)`;

/** What this attempt took is added to what those before it did. */
export const ADD_CPU = /* sql */ `
cpu_seconds = case when cast(:cpuSeconds as float8) is null then steps.cpu_seconds
                   else coalesce(steps.cpu_seconds, 0) + cast(:cpuSeconds as float8) end`;

export const FINISH_STEP = /* sql */ `
with ${LOCK_TASK},
step as (
  update steps
  set state = 'done', output = cast(:output as jsonb), progress = 1, error = null, worker = null, lease_until = null,
      finished_at = clock_timestamp(), ${ADD_CPU}
  from locked
  where steps.task_id = locked.id and steps.id = :step and steps.attempt = :attempt and steps.worker = :worker
    and steps.state = 'leased'
  returning steps.task_id
)`;

const FINISH_INGEST = /* sql */ `
${FINISH_STEP},
planned as (
  update tasks
  set status = 'running', started_at = coalesce(started_at, clock_timestamp()), source_key = :sourceKey,
      media = cast(:media as jsonb), stored_bytes = cast(cast(:media as jsonb) ->> 'bytes' as bigint),
      parts_left = jsonb_array_length(cast(:clips as jsonb)) + cast(cast(:hasSoundStep as boolean) as integer)
  from step where tasks.id = step.task_id
  returning tasks.id, tasks.owner_id, tasks.priority
),
clips as (
  insert into steps (task_id, owner_id, kind, part, priority, input)
  select planned.id, planned.owner_id, 'clip', clip.part, planned.priority, clip.input
  from planned, jsonb_to_recordset(cast(:clips as jsonb)) as clip(part integer, input jsonb)
  order by clip.part
  returning id
),
sounds as (
  insert into steps (task_id, owner_id, kind, priority)
  select id, owner_id, 'sound', priority from planned where :hasSoundStep
  returning id
)
select exists (select from step) as accepted,
       (select count(*)::integer from clips) + (select count(*)::integer from sounds) as announced
`;

const FINISH_CLIP = /* sql */ `
${FINISH_STEP},
counted as (
  update tasks
  set parts_left = tasks.parts_left - 1,
      stored_bytes = coalesce(tasks.stored_bytes, cast(tasks.media ->> 'bytes' as bigint), 0)
                     + cast(cast(:output as jsonb) ->> 'bytes' as bigint),
      status = case when tasks.parts_left = 1 and tasks.error is not null then 'failed' else tasks.status end,
      finished_at = case when tasks.parts_left = 1 and tasks.error is not null then clock_timestamp() end
  from step where tasks.id = step.task_id
  returning tasks.id, tasks.owner_id, tasks.priority, tasks.parts_left, tasks.status
),
last as (
  insert into steps (task_id, owner_id, kind, priority)
  select id, owner_id, 'finish', priority from counted where parts_left = 0 and status = 'running'
  returning id
)
select exists (select from step) as accepted, (select count(*)::integer from last) as announced
`;

const FINISH_TASK = /* sql */ `
${FINISH_STEP},
ended as (
  update tasks
  set status = 'succeeded', finished_at = clock_timestamp(),
      stored_bytes = case when cast(:parts as text) is null then tasks.stored_bytes
        else coalesce(cast(tasks.media ->> 'bytes' as bigint), 0) + cast(cast(:output as jsonb) ->> 'bytes' as bigint)
      end
  from step where tasks.id = step.task_id
  returning tasks.id
),
-- Noted with the end of the task, so that no crash leaves the parts behind.
gone as (
  insert into removals (prefix, due_at) select cast(:parts as text), clock_timestamp() from ended
  where cast(:parts as text) is not null
  on conflict (prefix) do nothing
)
select exists (select from step) as accepted, 0 as announced
`;
