import { auditing, NOWHERE, type Origin } from '../audit.ts';
import { rows, type Db } from '../db/connect.ts';

/**
 * Ends an unfinished task. Its workers learn of it with their next renewal and kill FFmpeg; whatever they write
 * afterwards is refused, because their steps are cancelled.
 *
 * @returns false when the task is unknown, another owner's, or final already
 */
export async function cancelTask(db: Db, id: string, owner: string, from: Origin = NOWHERE): Promise<boolean> {
  return db.transaction(async (trx) => {
    const cancelled = await rows(
      trx,
      `with cancelled as (
         update tasks set status = 'cancelled', finished_at = clock_timestamp()
         where id = :id and owner_id = :owner and status in ('pending', 'running')
         returning id, owner_id
       ), line as (${auditing('task_cancelled', 'cancelled', { user: 'owner_id', task: 'id' })})
       select id from cancelled`,
      { id, owner, ...from },
    );
    if (cancelled.length === 0) return false;
    // A second statement, so that it sees the steps that came to be while the first waited for the task.
    await trx.raw(
      `with held as materialized (
         select id from steps where task_id = :id and state in ('waiting', 'leased') order by id for no key update
       )
       update steps set state = 'cancelled', worker = null, lease_until = null, finished_at = clock_timestamp()
       from held where steps.id = held.id`,
      { id },
    );
    return true;
  });
}
