import { createHash } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { z } from 'zod';
import { audit } from '../../shared/audit.ts';
import { rows, type Db } from '../../shared/db/connect.ts';
import { checkSourceUrl } from '../../shared/fetch/url.ts';
import type { Log } from '../../shared/log.ts';
import type { Queue } from '../../shared/queue/queue.ts';
import type { Storage } from '../../shared/storage/storage.ts';
import { announceLater } from '../../shared/task/announce.ts';
import { createTask, UploadExpired, type NewTask } from '../../shared/task/create.ts';
import { problemCodes } from '../../shared/task/problem.ts';
import type { Profile } from '../../shared/task/profile.ts';
import { sourcePrefix, uploadKey } from '../../shared/task/keys.ts';
import type { Quota } from '../../shared/task/quota.ts';
import { noteUpload, removeSoon } from '../../shared/task/removals.ts';
import { ApiError } from '../errors.ts';
import { findUploaded } from '../uploads/find-uploaded.ts';
import type { PaceLimits } from '../limits/pace.ts';
import { forgetUpload, rememberUpload } from '../uploads/uploads.ts';
import { receiveUpload } from './receive-upload.ts';
import { newUploadFields, type newTaskBody } from './schema.ts';
import type { IncomingMessage } from 'node:http';

export interface Submitting {
  db: Db;
  queue: Queue;
  storage: Storage;
  log: Log;
  profiles: ReadonlyMap<string, Profile>;
  allow: readonly string[];
  maxBytes: number;
  pace: PaceLimits;
  quota: Quota;
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
}

/** After the longest upload, before its task is written: what is not a task by then is removed. */
const SPARE_SECONDS = 60;

/** What `createTask` says when a repeated key's task is gone before it could be read. */
const REMOVED_MEANWHILE = 'The task with this idempotency key was removed at the same moment.';

type NewTaskBody = z.infer<typeof newTaskBody>;

/** A task from the address of a video, or from one that was sent before. Answers the task's id. */
export async function submitJson(parts: Submitting, by: Submitter, body: NewTaskBody): Promise<string> {
  const { url, upload_id: upload } = body;
  if (upload !== undefined) return submitUploaded(parts, by, upload, body);
  return submitUrl(parts, by, url ?? '', body);
}

async function submitUrl(parts: Submitting, by: Submitter, url: string, body: NewTaskBody): Promise<string> {
  const checked = checkSourceUrl(url, parts.allow);
  if ('refused' in checked) {
    await audit(parts.db, { event: 'source_refused', user: by.owner, address: by.address, requestId: by.requestId });
    throw new ApiError(400, 'source_refused', problemCodes.source_refused);
  }
  const profile = profileNamed(parts, body.profile);
  return submit(parts, by, {
    ...common(body, profile),
    id: uuidv7(),
    source: { kind: 'url', url },
    sourceKey: null,
    bytes: null,
    requestHash: hashOf(body),
  });
}

/** The upload's id is the task's, so the same request made again finds its task, with or without an Idempotency-Key. */
async function submitUploaded(parts: Submitting, by: Submitter, id: string, body: NewTaskBody): Promise<string> {
  const { db, log } = parts;
  const profile = profileNamed(parts, body.profile);
  const requestHash = hashOf(body);
  const make = async () => {
    const { key, name, bytes } = await findUploaded(parts, id, by.owner);
    const source = { kind: 'upload' as const, name };
    return submit(parts, by, { ...common(body, profile), id, source, sourceKey: key, bytes, requestHash });
  };
  const made = await make().catch(async (error: unknown) => {
    // The same request came before, or was faster.
    if (await isSameTask(db, by, id, requestHash)) return id;
    throw error;
  });
  await forgetUpload(db, id, by.owner).catch((error: unknown) =>
    log.warn({ err: error }, 'could not forget an upload'),
  );
  return made;
}

/** Whether the upload is a task by the same request already. */
async function isSameTask(db: Db, by: Submitter, id: string, requestHash: string): Promise<boolean> {
  const [task] = await rows<{ request_hash: string }>(
    db,
    `select request_hash from tasks where id = :id and owner_id = :owner`,
    { id, owner: by.owner },
  );
  if (task && task.request_hash !== requestHash) {
    throw new ApiError(409, 'upload_used', `This upload is a task by another request: see /tasks/${id}.`);
  }
  return task !== undefined;
}

/** A task from an uploaded file. Answers the task's id. */
export async function submitUpload(parts: Submitting, by: Submitter, request: IncomingMessage): Promise<string> {
  const id = uuidv7();
  const prefix = sourcePrefix(id);
  const key = uploadKey(id);
  const seconds = parts.pace.seconds + SPARE_SECONDS;
  const promised = { id, owner: by.owner, name: 'video', bytes: promisedBytes(request, parts.maxBytes) };
  await rememberUpload(parts.db, promised, seconds, parts.quota);
  try {
    await noteUpload(parts.db, prefix, seconds);
    const upload = await receiveUpload(request, parts.storage, key, parts, (name, value) => {
      // Said before the file came, not after hours of it.
      if (name === 'profile') profileNamed(parts, value);
    });
    const fields = newUploadFields.parse(upload.fields);
    const profile = profileNamed(parts, fields.profile);
    const made = await submit(parts, by, {
      ...common(fields, profile),
      id,
      source: { kind: 'upload', name: upload.name },
      sourceKey: key,
      bytes: upload.stored.bytes,
      requestHash: hashOf({ ...fields, sha256: upload.stored.sha256 }),
    });
    // A repeated request has its task already; this copy has no use.
    if (made !== id) await removeSoon(parts.db, prefix);
    return made;
  } catch (error) {
    await removeSoon(parts.db, prefix).catch((cause: unknown) => {
      parts.log.warn({ err: cause }, 'could not note that an upload has no use; its time limit will');
    });
    throw error;
  } finally {
    await forgetUpload(parts.db, id, by.owner).catch((error: unknown) =>
      parts.log.warn({ err: error }, 'could not forget an upload'),
    );
  }
}

/** What there has to be room for before a form comes: its file is no larger than the whole of it. */
function promisedBytes(request: IncomingMessage, maxBytes: number): number {
  const length = Number(request.headers['content-length'] ?? maxBytes);
  return Math.min(Math.max(length, 1), maxBytes);
}

type Common = Pick<NewTask, 'profile' | 'priority' | 'externalId' | 'callbackUrl'>;

function common(fields: z.infer<typeof newUploadFields>, profile: Profile): Common {
  return { profile, priority: fields.priority, externalId: fields.external_id ?? null, callbackUrl: null };
}

async function submit(
  { db, queue, log, quota }: Submitting,
  by: Submitter,
  task: Omit<NewTask, keyof Submitter>,
): Promise<string> {
  const created = await createTask(db, { ...task, ...by }, quota).catch((error: unknown) => {
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

function profileNamed({ profiles }: Submitting, name: string): Profile {
  const profile = profiles.get(name);
  if (profile) return profile;
  throw new ApiError(
    400,
    'unknown_profile',
    `There is no profile ${JSON.stringify(name)}. There are: ${[...profiles.keys()].join(', ')}.`,
  );
}

function hashOf(request: object): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex');
}
