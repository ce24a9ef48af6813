import { rows, type Db } from '../db/connect.ts';
import { activateShare } from './create.ts';

/**
 * Sets a failed or cancelled task going again: only what is missing is done. Tries start from zero; attempts go on, so
 * that a late writer of before stays fenced out.
 *
 * @returns how many steps to announce, or null when the task is unknown, another owner's, or has nothing to retry
 */
export async function retryTask(db: Db, id: string, owner: string): Promise<number | null> {
  return db.transaction(async (trx) => {
    // Lets the guards pass for this transaction alone.
    await trx.raw(`set local claqueta.retry = 'on'`);
    const [task] = await rows<{ planned: boolean }>(
      trx,
      `select parts_left is not null as planned from tasks
       where id = :id and owner_id = :owner and status in ('failed', 'cancelled') for no key update`,
      { id, owner },
    );
    if (!task) return null;
    const waiting = await rows<{ kind: string }>(
      trx,
      `update steps
       set state = 'waiting', tries = 0, error = null, progress = 0, finished_at = null,
           ready_at = clock_timestamp(), announced_at = clock_timestamp()
       where task_id = :id and state in ('failed', 'cancelled')
       returning kind`,
      { id },
    );
    await trx.raw(
      `update tasks
       set status = :status, error = null, finished_at = null, parts_left = cast(:left as integer)
       where id = :id`,
      {
        id,
        status: task.planned ? 'running' : 'pending',
        left: task.planned ? waiting.filter((step) => step.kind === 'clip').length : null,
      },
    );
    await activateShare(trx, owner);
    return waiting.length;
  });
}
