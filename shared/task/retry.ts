import { auditing, NOWHERE, type Origin } from '../audit.ts';
import { rows, type Db } from '../db/connect.ts';
import { activateShare } from './create.ts';
import { lockOwner, overQuota, UNLIMITED, type Quota } from './quota.ts';

/**
 * Sets a failed or cancelled task going again: only what is missing is done. Tries start from zero; attempts go on, so
 * that a late writer of before stays fenced out.
 *
 * @returns how many steps to announce, or null when the task is unknown, another owner's, or has nothing to retry
 * @throws OverQuota when the owner has too many unfinished tasks, or no room for more clips
 */
export async function retryTask(
  db: Db,
  id: string,
  owner: string,
  quota: Quota = UNLIMITED,
  from: Origin = NOWHERE,
): Promise<number | null> {
  return db.transaction(async (trx) => {
    await lockOwner(trx, owner);
    // Lets the guards pass for this transaction alone.
    await trx.raw(`set local claqueta.retry = 'on'`);
    const [task] = await rows<{ planned: boolean }>(
      trx,
      `select parts_left is not null as planned from tasks
       where id = :id and owner_id = :owner and status in ('failed', 'cancelled') for no key update`,
      { id, owner },
    );
    if (!task) return null;
    const over = await overQuota(trx, { owner, id, bytes: null }, quota, 'tasks');
    if (over) throw over;
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
      `with retried as (
         update tasks
         set status = :status, error = null, finished_at = null, parts_left = cast(:left as integer)
         where id = :id
         returning id, owner_id
       )
       ${auditing('task_retried', 'retried', { user: 'owner_id', task: 'id' })}`,
      {
        id,
        ...from,
        status: task.planned ? 'running' : 'pending',
        left: task.planned ? waiting.filter(({ kind }) => kind === 'clip' || kind === 'sound').length : null,
      },
    );
    await activateShare(trx, owner);
    return waiting.length;
  });
}
