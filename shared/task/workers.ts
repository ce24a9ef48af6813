import { rows, type Db } from '../db/connect.ts';
import type { StepKind } from './states.ts';

/** What a worker says of itself now and then, for operators to see. What decides is the lease. */
export interface Presence {
  name: string;
  slots: number;
  /** Clips of the last ten minutes, and the seconds of source in them. */
  clips: number;
  sourceSeconds: number;
}

/** A worker that was not heard of for so long is gone. */
const GONE_SECONDS = 45;

/** Says that a worker is there. What is long gone is forgotten on the way. */
export async function showPresence(db: Db, presence: Presence): Promise<void> {
  await db.raw(
    `with gone as (delete from workers where seen_at < clock_timestamp() - interval '1 day')
     insert into workers (name, slots, clips, source_seconds) values (:name, :slots, :clips, :sourceSeconds)
     on conflict (name) do update
     set slots = excluded.slots, clips = excluded.clips, source_seconds = excluded.source_seconds,
         seen_at = clock_timestamp()`,
    { ...presence },
  );
}

/** The worker has stopped. */
export async function endPresence(db: Db, name: string): Promise<void> {
  await db.raw(`delete from workers where name = :name`, { name });
}

export interface WorkerRow {
  name: string;
  slots: number;
  clips: number;
  source_seconds: number;
  started_at: Date;
  seen_at: Date;
  steps: HeldStep[];
}

export interface HeldStep {
  task_id: string;
  kind: StepKind;
  part: number | null;
  attempt: number;
  progress: number;
  started_at: string;
}

/** Workers that are there, by name, and what each holds. */
export function readWorkers(db: Db, most = 200): Promise<WorkerRow[]> {
  return rows<WorkerRow>(
    db,
    `select name, slots, clips, source_seconds, started_at, seen_at, coalesce(held.steps, '[]') as steps
     from workers left join lateral (
       select jsonb_agg(jsonb_build_object('task_id', task_id, 'kind', kind, 'part', part, 'attempt', attempt,
                        'progress', progress, 'started_at', started_at) order by id) as steps
       from steps where state = 'leased' and steps.worker = workers.name
     ) as held on true
     where seen_at > clock_timestamp() - make_interval(secs => ${GONE_SECONDS})
     order by name limit :most`,
    { most },
  );
}

/** Why tasks of the last day failed, the most frequent first. Ids are in the order of time, so that few rows are read. */
export function countFailures(db: Db): Promise<{ code: string; count: number }[]> {
  return rows(
    db,
    `select error ->> 'code' as code, count(*)::integer as count from tasks
     where status = 'failed' and id > cast(:from as uuid)
     group by 1 order by 2 desc, 1 limit 50`,
    { from: firstIdOf(Date.now() - 24 * 3600 * 1000) },
  );
}

/** The least UUID of version 7 that a moment can give (RFC 9562, 5.7). */
function firstIdOf(ms: number): string {
  const hex = Math.floor(ms).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** Steps that could run now, and how long the first of them has been waiting. */
export async function countWaiting(db: Db): Promise<{ steps: number; oldest_seconds: number }> {
  const [row] = await rows<{ steps: number; oldest_seconds: number | null }>(
    db,
    `select count(*)::integer as steps,
            cast(extract(epoch from statement_timestamp() - min(ready_at)) as float8) as oldest_seconds
     from steps where state = 'waiting' and kind in ('ingest', 'clip', 'sound', 'finish') and ready_at <= statement_timestamp()`,
  );
  return { steps: row?.steps ?? 0, oldest_seconds: Math.max(0, row?.oldest_seconds ?? 0) };
}
