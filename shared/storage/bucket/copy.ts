import type { Bucket } from '@google-cloud/storage';
import { AlreadyStored, NotStored } from '../storage.ts';
import { again } from './again.ts';
import { statusOf } from './failure.ts';
import type { Limits } from './limits.ts';

/** Copies inside the bucket; a large file takes several calls, which the client makes. */
export async function copyObject(bucket: Bucket, from: string, to: string, limits: Limits): Promise<void> {
  let tried = 0;
  const once = () => {
    tried++;
    return bucket.file(from).copy(bucket.file(to), { preconditionOpts: { ifGenerationMatch: 0 } });
  };
  await again('copy a file', once, { limits }).catch((error: unknown) => {
    const status = statusOf(error);
    if (status === 404) throw new NotStored(from, { cause: error });
    // Its answer was lost, and the copy is our own: nobody else writes to this key.
    if (status === 412 && tried > 1) return;
    throw status === 412 ? new AlreadyStored(to, { cause: error }) : error;
  });
}
