import { rows, type Db } from '../../shared/db/connect.ts';
import { lockOwner, overQuota, USED, type Quota } from '../../shared/task/quota.ts';

/**
 * What is not a task by then is removed. Longer than clients are told, because a bucket takes bytes for a week after it
 * has given an address for them: what came after the removal would stay for ever.
 */
export const KEPT_SECONDS = 8 * 24 * 3600;

/** Uploads that are under way, or that a client was given an address for, by the id of the task they are to become. */
export interface OpenedUpload {
  id: string;
  owner: string;
  name: string;
  bytes: number;
}

/**
 * Writes down whose upload it will be, and forgets those of the same owner that are over.
 *
 * @throws OverQuota when the owner has too many open, or no room for this one
 */
export async function rememberUpload(db: Db, upload: OpenedUpload, quota: Quota): Promise<void> {
  await db.transaction(async (trx) => {
    await lockOwner(trx, upload.owner);
    const made = await rows(
      trx,
      `with gone as (
         delete from uploads
         where owner_id = :owner and created_at < clock_timestamp() - make_interval(secs => :seconds)
       )
       insert into uploads (id, owner_id, name, bytes)
       select :id, :owner, :name, :bytes
       from (${USED}) as used
       where used.uploads < :mostUploads and used.bytes + :bytes <= :mostBytes
       returning id`,
      { ...upload, seconds: KEPT_SECONDS, mostUploads: quota.uploads, mostBytes: quota.bytes },
    );
    const over = made.length === 0 && (await overQuota(trx, upload, quota, 'uploads'));
    if (over) throw over;
  });
}

/** The name of an owner's upload; null when it is unknown or another's. */
export async function nameOfUpload(db: Db, id: string, owner: string): Promise<string | null> {
  const [found] = await rows<{ name: string }>(db, `select name from uploads where id = :id and owner_id = :owner`, {
    id,
    owner,
  });
  return found?.name ?? null;
}

/** Whether a file may still come: a task's source must not be put there again after the task was removed. */
export async function isAwaited(db: Db, id: string): Promise<boolean> {
  const found = await rows(
    db,
    `select from uploads where id = :id and not exists (select from tasks where tasks.id = :id)`,
    { id },
  );
  return found.length === 1;
}

/** The upload is a task now, or will not be one. */
export async function forgetUpload(db: Db, id: string, owner: string): Promise<void> {
  await db.raw(`delete from uploads where id = :id and owner_id = :owner`, { id, owner });
}
