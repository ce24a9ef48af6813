import { uuidv7 } from 'uuidv7';
import type { z } from 'zod';
import { rows } from '../../shared/db/connect.ts';
import { NotStored } from '../../shared/storage/storage.ts';
import { sourcePrefix, uploadKey } from '../../shared/task/keys.ts';
import { noteUpload, removeUnused } from '../../shared/task/removals.ts';
import type { Profile } from '../../shared/task/profile.ts';
import type { Source } from '../../shared/task/task.ts';
import { chooseProfile } from '../profiles/choose.ts';
import { ApiError, notFound } from '../errors.ts';
import { checkReceiver } from '../webhooks/check-receiver.ts';
import type { replayBody } from './schema.ts';
import { common, hashOf, writeTask, type Submitter, type Submitting } from './write-task.ts';

/** A copy inside the storage takes seconds; what is not a task by then is removed. */
const COPY_SECONDS = 15 * 60;

/**
 * A new task from the source of one that has ended. Answers the new task's id.
 *
 * The source is copied, so that each of the two can be removed without the other.
 */
export async function replayTask(
  parts: Submitting,
  by: Submitter,
  of: string,
  body: z.infer<typeof replayBody>,
): Promise<string> {
  const { db, storage, log } = parts;
  if (body.callback_url !== undefined) checkReceiver(body.callback_url, parts.allowCallbacks);
  const chosen = body.profile === undefined ? null : await chooseProfile(parts, by.owner, body.profile);
  const { source, key, bytes, profile } = await storedOf(parts, of, by.owner);
  const id = uuidv7();
  await noteUpload(db, sourcePrefix(id), COPY_SECONDS);
  try {
    await storage.copy(key, uploadKey(id));
    const made = await writeTask(parts, by, {
      ...common(body, chosen ?? profile),
      ...{ id, source, sourceKey: uploadKey(id), bytes },
      requestHash: hashOf({ ...body, replay: of }, by),
    });
    // A repeated request has its task already; this copy has no use.
    if (made !== id) await removeUnused(db, id);
    return made;
  } catch (error) {
    await removeUnused(db, id).catch((cause: unknown) => {
      log.warn({ err: cause }, 'could not note that a copy has no use; its time limit will');
    });
    // Removed in this very moment.
    throw error instanceof NotStored ? notFound() : error;
  }
}

/** The stored source of an owner's task that has ended, and the copy of the profile that it was made by. */
async function storedOf({ db, storage }: Submitting, id: string, owner: string) {
  const [task] = await rows<{ source: Source; source_key: string | null; profile: Profile; final: boolean }>(
    db,
    `select source, source_key, profile, status in ('succeeded', 'failed', 'cancelled') as final
     from tasks where id = :id and owner_id = :owner`,
    { id, owner },
  );
  if (!task) throw notFound();
  if (!task.final) throw new ApiError(409, 'not_replayable', 'Wait until the task has ended.');
  const stored = task.source_key && (await storage.stat(task.source_key));
  if (!task.source_key || !stored) {
    throw new ApiError(409, 'no_source', 'The video of this task was never stored. Submit it anew.');
  }
  return { source: task.source, key: task.source_key, bytes: stored.bytes, profile: task.profile };
}
