import type { Knex } from 'knex';
import { auditing } from '../audit.ts';
import { rows, type Db } from '../db/connect.ts';
import { sourcePrefix } from './keys.ts';
import type { Profile } from './profile.ts';
import { leastBytes, lockOwner, overQuota, UNLIMITED, USED, type Quota } from './quota.ts';
import type { Source } from './task.ts';

export interface NewTask {
  id: string;
  owner: string;
  profile: Profile;
  source: Source;
  /** Set for an upload, whose file is in storage already. */
  sourceKey: string | null;
  /** Size of that file; null for a source that has yet to be fetched. */
  bytes: number | null;
  priority: number;
  externalId: string | null;
  callbackUrl: string | null;
  /** Only the source is looked at. */
  dryRun?: boolean;
  idempotencyKey: string | null;
  /** Tells whether a repeated key comes with the same request. */
  requestHash: string | null;
  requestId: string;
  /** The client's address, for the audit. */
  address?: string | null;
  /** W3C trace context of the request. */
  trace: string;
}

export type Created = { id: string; repeated: false } | { id: string; repeated: true; sameRequest: boolean };

/** The stored files of an upload were removed because its task came too late. */
export class UploadExpired extends Error {}

/**
 * Writes a task with its first step. An idempotency key seen before answers the task made then.
 * Announce one step afterwards when `repeated` is false.
 *
 * @throws OverQuota when the owner has too many unfinished tasks, or no room for this one
 */
export async function createTask(db: Db, task: NewTask, quota: Quota = UNLIMITED): Promise<Created> {
  return db.transaction(async (trx) => {
    await lockOwner(trx, task.owner);
    const written = await writeTask(trx, task, quota);
    if (!written.made) return findRepeated(trx, task, quota);
    if (task.sourceKey && !written.kept) throw new UploadExpired('The upload took too long and was removed.');
    return { id: task.id, repeated: false };
  });
}

interface Written {
  /** False for a key seen before, and when the quota is used up. */
  made: boolean;
  /** Whether the removal that was noted before the upload began was taken back in time; see `removals.ts`. */
  kept: boolean;
}

async function writeTask(trx: Knex.Transaction, task: NewTask, quota: Quota): Promise<Written> {
  const [written] = await rows<Written>(trx, WRITE, {
    ...task,
    dryRun: task.dryRun ?? false,
    address: task.address ?? null,
    profile: JSON.stringify(task.profile),
    source: JSON.stringify(task.source),
    upload: task.sourceKey ? sourcePrefix(task.id) : null,
    atLeast: leastBytes(task.bytes),
    mostTasks: quota.tasks,
    mostBytes: quota.bytes,
  });
  return written ?? { made: false, kept: false };
}

/** The owner takes turns again. `activated_at` keeps a sweep that looked a moment ago from taking it out. */
const ACTIVATE = `on conflict (owner_id) do update set active = true, activated_at = clock_timestamp()`;

/** The task, its first step and the line of the audit come to be together, in one exchange: owners' requests queue here. */
const WRITE = /* sql */ `
with made as (
  insert into tasks (id, owner_id, profile, source, source_key, stored_bytes, priority, external_id, callback_url,
                     idempotency_key, request_hash, request_id, trace, dry_run)
  select :id, :owner, :profile, :source, :sourceKey, :bytes, :priority, :externalId, :callbackUrl,
         :idempotencyKey, :requestHash, :requestId, :trace, :dryRun
  from (${USED}) as used
  where used.unfinished < :mostTasks and used.bytes + :atLeast <= :mostBytes
  on conflict (owner_id, idempotency_key) where idempotency_key is not null do nothing
  returning id, owner_id, priority
), kept as (
  delete from removals using made where prefix = :upload and due_at > clock_timestamp() returning prefix
), share as (
  insert into shares (owner_id) select owner_id from made ${ACTIVATE}
), step as (
  insert into steps (task_id, owner_id, kind, priority) select id, owner_id, 'ingest', priority from made
  returning task_id, owner_id
), line as (${auditing('task_created', 'step', { user: 'owner_id', task: 'task_id' })})
select exists (select from made) as made, exists (select from kept) as kept
`;

async function findRepeated(trx: Knex.Transaction, task: NewTask, quota: Quota): Promise<Created> {
  const [first] = await rows<{ id: string; request_hash: string | null }>(
    trx,
    `select id, request_hash from tasks where owner_id = :owner and idempotency_key = :idempotencyKey`,
    { owner: task.owner, idempotencyKey: task.idempotencyKey },
  );
  if (!first) {
    const over = await overQuota(trx, task, quota, 'tasks');
    throw over ?? new Error('The task with this idempotency key was removed at the same moment.');
  }
  return { id: first.id, repeated: true, sameRequest: first.request_hash === task.requestHash };
}

export async function activateShare(trx: Knex.Transaction, owner: string): Promise<void> {
  await trx.raw(`insert into shares (owner_id) values (:owner) ${ACTIVATE}`, { owner });
}
