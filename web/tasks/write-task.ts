import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { Db } from '../../shared/db/connect.ts';
import type { Log } from '../../shared/log.ts';
import type { Queue } from '../../shared/queue/queue.ts';
import type { Storage } from '../../shared/storage/storage.ts';
import { announceLater } from '../../shared/task/announce.ts';
import { createTask, UploadExpired, type NewTask } from '../../shared/task/create.ts';
import type { Profile } from '../../shared/task/profile.ts';
import type { Quota } from '../../shared/task/quota.ts';
import { ApiError } from '../errors.ts';
import type { OwnerTurns } from '../limits/owner-turns.ts';
import type { PaceLimits } from '../limits/pace.ts';
import type { newUploadFields } from './schema.ts';

export interface Submitting {
  db: Db;
  queue: Queue;
  storage: Storage;
  log: Log;
  profiles: ReadonlyMap<string, Profile>;
  allow: readonly string[];
  /** The same for addresses that are told of the end. */
  allowCallbacks: readonly string[];
  maxBytes: number;
  pace: PaceLimits;
  quota: Quota;
  turns: OwnerTurns;
}

/** Who submits, and under which names. */
export interface Submitter {
  owner: string;
  requestId: string;
  /** The client's. */
  address: string;
  /** W3C trace context of the request. */
  trace: string;
  idempotencyKey: string | null;
  /** Only look at the source, and say what the rest would come to. */
  dryRun: boolean;
}

/** What `createTask` says when a repeated key's task is gone before it could be read. */
const REMOVED_MEANWHILE = 'The task with this idempotency key was removed at the same moment.';

/** What every request for a task says, whatever its source. */
type Common = Pick<NewTask, 'profile' | 'priority' | 'externalId' | 'callbackUrl'>;

/** @param chosen the task keeps a copy, with what the request wants otherwise */
export function common(fields: Omit<z.infer<typeof newUploadFields>, 'profile'>, chosen: Profile): Common {
  const { priority, external_id: externalId = null, callback_url: callbackUrl = null, on_truncated } = fields;
  const profile = on_truncated === undefined ? chosen : { ...chosen, on_truncated };
  return { profile, priority, externalId, callbackUrl };
}

/** Writes the task and rings the bell. Answers its id, or that of the task which the same request made before. */
export async function writeTask(
  { db, queue, log, quota, turns }: Submitting,
  by: Submitter,
  task: Omit<NewTask, keyof Submitter>,
): Promise<string> {
  const create = () => createTask(db, { ...task, ...by }, quota);
  const created = await turns.take(by.owner, create).catch((error: unknown) => {
    if (error instanceof UploadExpired)
      throw new ApiError(408, 'upload_too_slow', 'The upload took too long. Send it again.');
    if (error instanceof Error && error.message === REMOVED_MEANWHILE)
      throw new ApiError(
        409,
        'idempotency_key_removed',
        'The task of this Idempotency-Key was removed at the same moment. Send the request again for a new task.',
        { cause: error },
      );
    throw error;
  });
  if (created.repeated) {
    if (created.sameRequest) return created.id;
    throw new ApiError(422, 'idempotency_key_reused', 'This Idempotency-Key came before with another request.');
  }
  log.info(
    { task_id: created.id, request_id: by.requestId, owner: by.owner, profile: task.profile.name },
    'task created',
  );
  announceLater({ db, queue, log }, { task: created.id, steps: 1, trace: by.trace });
  return created.id;
}

/** Tells whether a repeated key comes with the same request. */
export function hashOf(request: object, { dryRun }: Pick<Submitter, 'dryRun'>): string {
  const whole = dryRun ? { ...request, dry_run: true } : request;
  return createHash('sha256').update(JSON.stringify(whole)).digest('hex');
}
