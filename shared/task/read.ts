import { rows, type Db } from '../db/connect.ts';
import type { Step, Task } from './task.ts';

/** Columns of a task that its owner may learn of. */
const TASK = `id, owner_id, status, profile, priority, external_id, callback_url, source, source_key, media, error,
              stored_bytes, dry_run, plan, created_at, started_at, finished_at`;

const STEP = `id, kind, part, state, attempt, progress, input, output, error, cpu_seconds, started_at, finished_at`;
const IN_ORDER = `order by array_position(array['ingest', 'clip', 'sound', 'finish'], kind), part`;

/** A task with its steps in their order, or null when it is unknown or another owner's: the two look the same. */
export async function readTask(db: Db, id: string, owner: string): Promise<{ task: Task; steps: Step[] } | null> {
  const [task] = await rows<Task>(db, `select ${TASK} from tasks where id = :id and owner_id = :owner`, { id, owner });
  if (!task) return null;
  const steps = await rows<Step>(db, `select ${STEP} from steps where task_id = :id ${IN_ORDER}`, { id });
  return { task, steps };
}

/** What the steps of a task that are done have made, in their order. */
export async function readDone(db: Db, id: string): Promise<Pick<Step, 'kind' | 'part' | 'output'>[]> {
  return rows(db, `select kind, part, output from steps where task_id = :id and state = 'done' ${IN_ORDER}`, { id });
}

/** Any tasks with their steps, by id; those that are gone are missing. Whose they are is for the caller to look at. */
export async function readTasks(db: Db, ids: string[]): Promise<Map<string, { task: Task; steps: Step[] }>> {
  const given = { ids: JSON.stringify(ids) };
  const among = `in (select cast(id as uuid) from jsonb_array_elements_text(cast(:ids as jsonb)) as given(id))`;
  const tasks = await rows<Task>(db, `select ${TASK} from tasks where id ${among}`, given);
  const steps = await rows<Step & { task_id: string }>(
    db,
    `select task_id, ${STEP} from steps where task_id ${among} ${IN_ORDER}`,
    given,
  );
  const found = new Map(tasks.map((task) => [task.id, { task, steps: [] as Step[] }]));
  for (const step of steps) found.get(step.task_id)?.steps.push(step);
  return found;
}

/** An owner's tasks that are not final, and those that began or ended after a moment; the newest first. */
export async function tasksSince(db: Db, owner: string, since: Date, most: number): Promise<string[]> {
  const found = await rows<{ id: string }>(
    db,
    `select id from tasks
     where owner_id = :owner and (status in ('pending', 'running') or created_at > :since or finished_at > :since)
     order by id desc limit :most`,
    { owner, since, most },
  );
  return found.map(({ id }) => id);
}
