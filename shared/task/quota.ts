import type { Knex } from 'knex';
import { rows } from '../db/connect.ts';

/** What one owner may have at most. */
export interface Quota {
  /** Tasks that are not final. */
  tasks: number;
  /** Uploads that are under way or awaited. */
  uploads: number;
  /** Sources, clips and awaited uploads, in bytes. */
  bytes: number;
}

export const UNLIMITED: Quota = {
  tasks: Number.MAX_SAFE_INTEGER,
  uploads: Number.MAX_SAFE_INTEGER,
  bytes: Number.MAX_SAFE_INTEGER,
};

/** An owner has as much as is allowed already. */
export class OverQuota extends Error {
  readonly what: keyof Quota;
  readonly most: number;

  constructor(what: keyof Quota, most: number) {
    super(`The owner's quota of ${most} ${what} is used up.`);
    this.name = 'OverQuota';
    this.what = what;
    this.most = most;
  }
}

/**
 * Lets one request at a time decide what an owner may have, so that what it counts is not changed by another that counts
 * the same. Before any lock on a task; nothing else waits for it.
 */
export async function lockOwner(trx: Knex.Transaction, owner: string): Promise<void> {
  await trx.raw(`select from users where id = :owner for no key update`, { owner });
}

/**
 * As an open upload an address counts for as long as clients are told that it is good; what it promised counts until the
 * file would be removed, for nobody asks the storage whether it came.
 */
const AWAITED = `interval '24 hours'`;

/**
 * What an owner has, `:id` apart: an upload's own row must not count against the task that is made of it. A task of a URL
 * has no size before it is fetched.
 */
export const USED = /* sql */ `
select tasks.unfinished, uploads.open as uploads, tasks.bytes + uploads.bytes as bytes
from (
  select count(*) filter (where status in ('pending', 'running')) as unfinished,
         coalesce(sum(coalesce(stored_bytes, cast(media ->> 'bytes' as bigint))), 0) as bytes
  from tasks where owner_id = :owner
) as tasks, (
  select count(*) filter (where created_at > clock_timestamp() - ${AWAITED}) as open, coalesce(sum(bytes), 0) as bytes
  from uploads
  where owner_id = :owner and id <> :id and kept_until > clock_timestamp()
    and not exists (select from tasks where tasks.id = uploads.id)
) as uploads`;

/**
 * Which quota stood in the way of a statement with `USED` in it; null when none did.
 *
 * @param kind which of the two is counted
 */
export async function overQuota(
  trx: Knex.Transaction,
  { owner, id, bytes }: { owner: string; id: string; bytes: number | null },
  quota: Quota,
  kind: 'tasks' | 'uploads',
): Promise<OverQuota | null> {
  const [used] = await rows<Record<keyof Quota, string>>(
    trx,
    `select unfinished as tasks, uploads, bytes from (${USED}) as used`,
    { owner, id },
  );
  if (Number(used?.[kind]) >= quota[kind]) return new OverQuota(kind, quota[kind]);
  return Number(used?.bytes) + leastBytes(bytes) > quota.bytes ? new OverQuota('bytes', quota.bytes) : null;
}

/** What there must be room for: something of a source of unknown size. */
export function leastBytes(bytes: number | null): number {
  return bytes ?? 1;
}
