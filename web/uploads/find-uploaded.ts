import { uploadKey } from '../../shared/task/keys.ts';
import { ApiError } from '../errors.ts';
import type { Uploading } from './open-upload.ts';
import { nameOfUpload } from './uploads.ts';

/**
 * The file that a client has stored itself.
 *
 * @throws ApiError 404 when there is no such upload of this owner's, 409 when the file is not there yet, 413 when it is
 *   larger than sources may be
 */
export async function findUploaded(
  { db, storage, maxBytes }: Uploading,
  id: string,
  owner: string,
): Promise<{ key: string; name: string; bytes: number }> {
  const name = await nameOfUpload(db, id, owner);
  if (name === null) {
    throw new ApiError(404, 'upload_not_found', 'There is no such upload, or it is not yours, or its time is over.');
  }
  const key = uploadKey(id);
  const stored = await storage.stat(key);
  if (!stored || stored.bytes === 0) {
    throw new ApiError(409, 'upload_unfinished', 'The file is not there yet. Send it to the address of the upload.');
  }
  if (stored.bytes > maxBytes) {
    throw new ApiError(413, 'source_too_large', `The file is larger than ${maxBytes} bytes, the most that is taken.`);
  }
  return { key, name, bytes: stored.bytes };
}
