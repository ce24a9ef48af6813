import { uuidv7 } from 'uuidv7';
import type { z } from 'zod';
import { audit } from '../../shared/audit.ts';
import { rows, type Db } from '../../shared/db/connect.ts';
import { checkSourceUrl } from '../../shared/fetch/url.ts';
import { problemCodes } from '../../shared/task/problem.ts';
import { chooseProfile } from '../profiles/choose.ts';
import { ApiError } from '../errors.ts';
import { findUploaded } from '../uploads/find-uploaded.ts';
import { forgetUpload } from '../uploads/uploads.ts';
import { checkReceiver } from '../webhooks/check-receiver.ts';
import type { newTaskBody } from './schema.ts';
import { common, hashOf, writeTask, type Submitter, type Submitting } from './write-task.ts';

type NewTaskBody = z.infer<typeof newTaskBody>;

/** A task from the address of a video, or from one that was sent before. Answers the task's id. */
export async function submitJson(parts: Submitting, by: Submitter, body: NewTaskBody): Promise<string> {
  const { url, upload_id: upload, callback_url: callback } = body;
  if (callback !== undefined) checkReceiver(callback, parts.allowCallbacks);
  if (upload !== undefined) return submitUploaded(parts, by, upload, body);
  return submitUrl(parts, by, url ?? '', body);
}

async function submitUrl(parts: Submitting, by: Submitter, url: string, body: NewTaskBody): Promise<string> {
  const checked = checkSourceUrl(url, parts.allow);
  if ('refused' in checked) {
    await audit(parts.db, { event: 'source_refused', user: by.owner, address: by.address, requestId: by.requestId });
    throw new ApiError(400, 'source_refused', problemCodes.source_refused);
  }
  const profile = await chooseProfile(parts, by.owner, body.profile);
  return writeTask(parts, by, {
    ...common(body, profile),
    id: uuidv7(),
    source: { kind: 'url', url: checked.text },
    sourceKey: null,
    bytes: null,
    requestHash: hashOf(body, by),
  });
}

/** The upload's id is the task's, so the same request made again finds its task, with or without an Idempotency-Key. */
async function submitUploaded(parts: Submitting, by: Submitter, id: string, body: NewTaskBody): Promise<string> {
  const { db, log } = parts;
  const profile = await chooseProfile(parts, by.owner, body.profile);
  const requestHash = hashOf(body, by);
  const make = async () => {
    const { key, name, bytes } = await findUploaded(parts, id, by.owner);
    const source = { kind: 'upload' as const, name };
    return writeTask(parts, by, { ...common(body, profile), id, source, sourceKey: key, bytes, requestHash });
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
