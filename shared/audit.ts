import { rows, type Db } from './db/connect.ts';

/** What is written down for good: who did what to which task, from where, in which request, and when. */
export const auditEvents = [
  'sign_up',
  'log_in',
  'log_in_failed',
  'log_in_throttled',
  'refresh_reused',
  'log_out',
  'password_changed',
  'revoked',
  'made_admin',
  'task_created',
  'task_cancelled',
  'task_deleted',
  'task_retried',
  'source_refused',
  'upload_opened',
  'fleet_paused',
  'fleet_resumed',
] as const;

export type AuditEvent = (typeof auditEvents)[number];

/** Where something was asked from. Null at the machine itself. */
export interface Origin {
  address: string | null;
  requestId: string | null;
}

/** What the programs do by themselves, and what operators do at the machine. */
export const NOWHERE: Origin = { address: null, requestId: null };

/** The columns that `auditLine` fills. Never a token, an address of a video or what somebody typed. */
const INTO = 'insert into audit (event, user_id, task_id, address, request_id)';

export interface AuditLine extends Origin {
  event: AuditEvent;
  /** Null for somebody whom we do not know. */
  user: string | null;
  task?: string | null;
}

/** Writes one line. What a statement changes is better told by the statement itself: see `auditing`. */
export async function audit(db: Db, { event, user, task = null, address, requestId }: AuditLine): Promise<void> {
  await db.raw(`${INTO} values (:event, :user, :task, :address, :requestId)`, {
    ...{ event, user, task, address, requestId },
  });
}

/**
 * SQL that writes a line for each row of `source`, for the `with` of a statement: what is done and the line about it
 * then come to be together or not at all, in one round trip. Needs the bindings `address` and `requestId`.
 *
 * @param source a name in the same statement
 * @param columns SQL of the user and of the task, from the source's row
 */
export function auditing(event: AuditEvent, source: string, columns: { user: string; task?: string }): string {
  return `${INTO} select '${event}', ${columns.user}, ${columns.task ?? 'null'}, :address, :requestId from ${source}`;
}

export interface AuditRow {
  id: string;
  at: Date;
  event: string;
  user_id: string | null;
  task_id: string | null;
  address: string | null;
  request_id: string | null;
}

/**
 * Newest first.
 *
 * @param before id of the last line of the page before
 */
export async function readAudit(
  db: Db,
  { max, before }: { max: number; before: string | null },
): Promise<{ lines: AuditRow[]; more: boolean }> {
  const lines = await rows<AuditRow>(
    db,
    `select cast(id as text) as id, at, event, user_id, task_id, address, request_id from audit
     where cast(:before as bigint) is null or audit.id < cast(:before as bigint)
     order by audit.id desc limit :limit`,
    { before, limit: max + 1 },
  );
  return { lines: lines.slice(0, max), more: lines.length > max };
}

const BATCH = 1_000;

/** Removes one batch of lines older than so many days; the database keeps those of the last 30 in any case. */
export async function purgeAudit(db: Db, days: number): Promise<number> {
  const [row] = await rows<{ purged: number }>(
    db,
    `select purge_audit(cast(:days as integer), cast(:most as integer)) as purged`,
    { days, most: BATCH },
  );
  return row?.purged ?? 0;
}
