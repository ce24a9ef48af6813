import { rows, type Db } from '../../shared/db/connect.ts';
import type { Storage } from '../../shared/storage/storage.ts';
import { lockOwner, overQuota, USED, type Quota } from '../../shared/task/quota.ts';

/** How long a client is told that it has. */
export const OPEN_SECONDS = 24 * 3600;

/** A bucket takes bytes for a week after it has given an address: what came after the removal would stay for ever. */
const BUCKET_SECONDS = 8 * 24 * 3600;

/** When what is not a task by then is removed, in seconds from the opening. Our own web keeps to what it tells clients. */
export function keptSeconds({ pieces }: Pick<Storage, 'pieces'>): number {
  return pieces ? OPEN_SECONDS + 3600 : BUCKET_SECONDS;
}

/** Uploads that are under way, or that a client was given an address for, by the id of the task they are to become. */
export interface OpenedUpload {
  id: string;
  owner: string;
  name: string;
  bytes: number;
  /** How long its file is kept if it is no task by then, in seconds. */
  keptSeconds: number;
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
         where owner_id = :owner and kept_until < clock_timestamp()
       )
       insert into uploads (id, owner_id, name, bytes, kept_until)
       select :id, :owner, :name, :bytes, clock_timestamp() + make_interval(secs => :keptSeconds)
       from (${USED}) as used
       where used.uploads < :mostUploads and used.bytes + :bytes <= :mostBytes
       returning id`,
      { ...upload, mostUploads: quota.uploads, mostBytes: quota.bytes },
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

/**
 * Its owner does not want it any more: it counts as open no longer, and neither do its bytes unless a bucket may still
 * take them, which then count until they are removed.
 *
 * @returns false when it is unknown, another owner's, or a task by now
 */
export async function giveUpUpload(db: Db, { pieces }: Storage, id: string, owner: string): Promise<boolean> {
  const change = pieces ? 'delete from uploads' : `update uploads set created_at = '-infinity'`;
  const given = await rows(
    db,
    `${change} where id = :id and owner_id = :owner and not exists (select from tasks where tasks.id = :id) returning id`,
    { id, owner },
  );
  return given.length === 1;
}

/** Whether it is neither awaited nor a task: what has come of it has no use. */
export async function isGivenUp(db: Db, id: string): Promise<boolean> {
  const found = await rows(db, `select from uploads where id = :id union all select from tasks where id = :id`, { id });
  return found.length === 0;
}
