import { auditing, NOWHERE, type Origin } from '../audit.ts';
import { rows, type Db } from '../db/connect.ts';
import { sourcePrefix, taskPrefixes } from './keys.ts';
import type { Log } from '../log.ts';
import type { Storage } from '../storage/storage.ts';

/**
 * Notes that files will come to be under a prefix before there is a row for them. `createTask` takes the note back; a
 * crash or a cut connection in between leaves it, and the sweep removes what was stored.
 *
 * @param seconds how long the upload may take
 */
export async function noteUpload(db: Db, prefix: string, seconds: number): Promise<void> {
  await db.raw(
    `insert into removals (prefix, due_at) values (:prefix, clock_timestamp() + make_interval(secs => :seconds))`,
    { prefix, seconds },
  );
}

/** Lets the sweep remove what lies under a prefix now. */
export async function removeSoon(db: Db, prefix: string): Promise<void> {
  await db.raw(
    `insert into removals (prefix, due_at) values (:prefix, clock_timestamp())
     on conflict (prefix) do update set due_at = excluded.due_at`,
    { prefix },
  );
}

/**
 * Lets the sweep remove what was stored for a task that has not come to be, also where nobody can say whether it has: a
 * commit whose answer was lost has taken the note back. Two statements, so that the second sees what the first waited for.
 */
export async function removeUnused(db: Db, task: string): Promise<void> {
  const prefix = sourcePrefix(task);
  const noted = await rows(
    db,
    `update removals set due_at = clock_timestamp() where prefix = :prefix returning prefix`,
    { prefix },
  );
  if (noted.length > 0) return;
  await db.raw(
    `insert into removals (prefix, due_at) select :prefix, clock_timestamp()
     where not exists (select from tasks where id = :task) on conflict (prefix) do nothing`,
    { prefix, task },
  );
}

/**
 * Removes a final task, its steps and its media. The media's removal is noted in the same transaction, so that a crash
 * leaves it to the sweep.
 *
 * @returns false when the task is unknown, another owner's, or not final
 */
export async function removeTask(
  { db, storage, log }: { db: Db; storage: Storage; log: Log },
  id: string,
  owner: string,
  from: Origin = NOWHERE,
): Promise<boolean> {
  const prefixes = taskPrefixes(id);
  const removed = await db.transaction(async (trx) => {
    const gone = await rows(
      trx,
      `with gone as (
         delete from tasks where id = :id and owner_id = :owner and status in ('succeeded', 'failed', 'cancelled')
         returning id, owner_id
       ), line as (${auditing('task_deleted', 'gone', { user: 'owner_id', task: 'id' })})
       select id from gone`,
      { id, owner, ...from },
    );
    if (gone.length === 0) return false;
    for (const prefix of prefixes) await removeSoon(trx, prefix);
    return true;
  });
  if (removed) {
    await Promise.all(prefixes.map((prefix) => removeNow(db, storage, prefix))).catch((error: unknown) => {
      log.warn({ err: error, task_id: id }, 'could not remove the media of a removed task; the sweep will');
    });
  }
  return removed;
}

/**
 * Removes what is due, a batch at a time.
 *
 * @param onFailed hears of one that could not be removed; the others go on
 */
export async function sweepRemovals(
  db: Db,
  storage: Storage,
  onFailed: (error: unknown, prefix: string) => void = rethrow,
  batch = 100,
): Promise<number> {
  const due = await rows<{ prefix: string }>(
    db,
    `select prefix from removals where due_at < clock_timestamp() order by due_at limit :batch`,
    { batch },
  );
  let removed = 0;
  for (const { prefix } of due) {
    try {
      await removeNow(db, storage, prefix);
      removed++;
    } catch (error) {
      onFailed(error, prefix);
    }
  }
  return removed;
}

function rethrow(error: unknown): never {
  throw error;
}

/** Files are removed before the note of it: a crash in between only costs a repeat. */
async function removeNow(db: Db, storage: Storage, prefix: string): Promise<void> {
  await storage.removePrefix(prefix);
  await db.raw(`delete from removals where prefix = :prefix and due_at < clock_timestamp()`, { prefix });
}
