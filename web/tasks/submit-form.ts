import type { IncomingMessage } from 'node:http';
import { uuidv7 } from 'uuidv7';
import { sourcePrefix, uploadKey } from '../../shared/task/keys.ts';
import { noteUpload, removeUnused } from '../../shared/task/removals.ts';
import { named, profilesOf } from '../profiles/choose.ts';
import { forgetUpload, rememberUpload } from '../uploads/uploads.ts';
import { checkReceiver } from '../webhooks/check-receiver.ts';
import { receiveUpload } from './receive-upload.ts';
import { newUploadFields } from './schema.ts';
import { common, hashOf, writeTask, type Submitter, type Submitting } from './write-task.ts';

/** After the longest upload, before its task is written: what is not a task by then is removed. */
const SPARE_SECONDS = 60;

/** A task from a form with the file in it. Answers the task's id. */
export async function submitForm(parts: Submitting, by: Submitter, request: IncomingMessage): Promise<string> {
  const id = uuidv7();
  const key = uploadKey(id);
  const seconds = parts.pace.seconds + SPARE_SECONDS;
  const bytes = promisedBytes(request, parts.maxBytes);
  const promised = { id, owner: by.owner, name: 'video', bytes, keptSeconds: seconds };
  const known = await profilesOf(parts.db, by.owner, parts.profiles);
  await parts.turns.take(by.owner, () => rememberUpload(parts.db, promised, parts.quota));
  try {
    await noteUpload(parts.db, sourcePrefix(id), seconds);
    const upload = await receiveUpload(request, parts.storage, key, parts, (name, value) => {
      // Said before the file came, not after hours of it.
      if (name === 'profile') named(known, value);
      if (name === 'callback_url') checkReceiver(value, parts.allowCallbacks);
    });
    const fields = newUploadFields.parse(upload.fields);
    const profile = named(known, fields.profile);
    const made = await writeTask(parts, by, {
      ...common(fields, profile),
      id,
      source: { kind: 'upload', name: upload.name },
      sourceKey: key,
      bytes: upload.stored.bytes,
      requestHash: hashOf({ ...fields, sha256: upload.stored.sha256 }, by),
    });
    // A repeated request has its task already; this copy has no use.
    if (made !== id) await removeUnused(parts.db, id);
    return made;
  } catch (error) {
    await removeUnused(parts.db, id).catch((cause: unknown) => {
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
