import type { Db } from '../db/connect.ts';
import { preparedRows } from '../db/prepared.ts';
import type { TaskStatus } from './states.ts';
import type { Task } from './task.ts';

/**
 * What a list shows of a task. Most of a whole task is its profile, its media and its plan. Times are as the API has them: a
 * page has up to 300, and making dates of them only to write them out again takes longer than all else of a row.
 */
export type ListedTask = Pick<Task, 'id' | 'status' | 'priority' | 'external_id' | 'source' | 'error' | 'dry_run'> & {
  profile_name: string;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
};

/** A whole task as a list has it. */
export function listed(task: Task): ListedTask {
  return {
    ...task,
    profile_name: task.profile.name,
    created_at: task.created_at.toISOString(),
    started_at: task.started_at?.toISOString() ?? null,
    finished_at: task.finished_at?.toISOString() ?? null,
  };
}

const UTC_TEXT = ['created_at', 'started_at', 'finished_at'].map(
  (at) => `cast(${at} at time zone 'utc' as text) as ${at}`,
);
const LISTED = `id, status, profile ->> 'name' as profile_name, priority, external_id, source, error, dry_run,
                ${UTC_TEXT.join(', ')}`;

/** `2026-11-21 20:00:10.1` as `2026-11-21T20:00:10.100Z`. */
function isoTime(utc: string): string {
  return `${utc.slice(0, 10)}T${utc.slice(11, 19)}.${utc.slice(20, 23).padEnd(3, '0')}Z`;
}

export interface TaskSummary extends ListedTask {
  /** Clip steps, and those of them that are done; 0 before the plan is made. */
  parts: number;
  parts_done: number;
}

export interface ListQuery {
  owner: string;
  max: number;
  newestFirst: boolean;
  status: TaskStatus | null;
  /** Id of the last task of the page before. Ids are in the order of time (UUID version 7). */
  after: string | null;
}

/** The most that a page may have. */
export const MOST_LISTED = 100;

/** A page of an owner's tasks, and whether there are more. */
export async function listTasks(db: Db, query: ListQuery): Promise<{ tasks: TaskSummary[]; more: boolean }> {
  const { owner, status, after, max } = query;
  const [beyond, order] = query.newestFirst ? ['<', 'desc'] : ['>', 'asc'];
  const found = await preparedRows<TaskSummary>(
    db,
    `select ${LISTED}, cast(counts.parts as integer) as parts, cast(counts.parts_done as integer) as parts_done
     from (
       select * from (
         select * from tasks
         where owner_id = :owner ${status === null ? '' : 'and status = :status'}
           ${after === null ? '' : `and id ${beyond} :after`}
         order by id ${order} limit ${MOST_LISTED + 1}
       ) as longest order by id ${order} limit :limit
     ) as page
     cross join lateral (
       select count(*) as parts, count(*) filter (where state = 'done') as parts_done
       from steps where task_id = page.id and kind = 'clip'
     ) as counts
     order by id ${order}`,
    { owner, status, after, limit: max + 1 },
  );
  const tasks = found.slice(0, max);
  for (const task of tasks) {
    task.created_at = isoTime(task.created_at);
    task.started_at &&= isoTime(task.started_at);
    task.finished_at &&= isoTime(task.finished_at);
  }
  return { tasks, more: found.length > max };
}
