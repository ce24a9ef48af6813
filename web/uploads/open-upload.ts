import { uuidv7 } from 'uuidv7';
import type { z } from 'zod';
import type { Db } from '../../shared/db/connect.ts';
import type { Storage } from '../../shared/storage/storage.ts';
import { sourcePrefix, uploadKey } from '../../shared/task/keys.ts';
import type { Quota } from '../../shared/task/quota.ts';
import { noteUpload, removeSoon } from '../../shared/task/removals.ts';
import { ApiError } from '../errors.ts';
import type { OwnerTurns } from '../limits/owner-turns.ts';
import type { newUploadBody, uploadSchema } from './schema.ts';
import { forgetUpload, keptSeconds, OPEN_SECONDS, rememberUpload } from './uploads.ts';

export interface Uploading {
  db: Db;
  storage: Storage;
  maxBytes: number;
  quota: Quota;
  turns: OwnerTurns;
}

/**
 * Gives out an address at which the client itself stores a video: our own for a folder, the bucket's for a bucket.
 *
 * @param origin where our web is reached, for browsers that send to the bucket and for addresses of our own
 */
export async function openUpload(
  { db, storage, maxBytes, quota, turns }: Uploading,
  owner: string,
  origin: string,
  body: z.output<typeof newUploadBody>,
): Promise<z.output<typeof uploadSchema>> {
  if (body.bytes > maxBytes) {
    throw new ApiError(413, 'source_too_large', `The file is larger than ${maxBytes} bytes, the most that is taken.`);
  }
  const id = uuidv7();
  const { bytes, name } = body;
  const expiresAt = new Date(Date.now() + OPEN_SECONDS * 1000);
  // Before there can be a file: no crash leaves one that nobody removes.
  const kept = keptSeconds(storage);
  await noteUpload(db, sourcePrefix(id), kept);
  try {
    await turns.take(owner, () => rememberUpload(db, { id, owner, name, bytes, keptSeconds: kept }, quota));
    const options = { bytes, origin, seconds: OPEN_SECONDS, contentType: body.content_type };
    const { url, headers = {} } = await storage.openUpload(uploadKey(id), options);
    const absolute = new URL(url, origin).href;
    return { upload_id: id, method: 'PUT', url: absolute, headers, expires_at: expiresAt.toISOString() };
  } catch (error) {
    await Promise.all([forgetUpload(db, id, owner), removeSoon(db, sourcePrefix(id))]).catch(() => {});
    throw error;
  }
}
