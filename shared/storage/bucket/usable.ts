import type { Bucket } from '@google-cloud/storage';
import { again } from './again.ts';
import { statusOf, TookTooLong } from './failure.ts';
import type { Limits } from './limits.ts';

/** What we do with the bucket; `roles/storage.objectUser` grants it all. */
const NEEDED = ['create', 'get', 'list', 'delete'].map((verb) => `storage.objects.${verb}`);

/** The bucket cannot be worked with, said so that whoever runs the service knows what to change. */
export class BucketNotUsable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BucketNotUsable';
  }
}

/** Throws unless the bucket answers within a few seconds. Tried once: whoever asks will ask again. */
export async function checkBucket(bucket: Bucket, limits: Limits): Promise<void> {
  await within(limits.checkMs, bucket.getFiles({ maxResults: 1, autoPaginate: false, fields: 'nextPageToken' }));
}

/**
 * Looks before the first request comes whether the bucket is there and we may do with it what we shall have to.
 *
 * @throws BucketNotUsable
 */
export async function assertUsable(bucket: Bucket, limits: Limits): Promise<void> {
  // Asking takes no permission, so this also finds out that there is none.
  const ask = () => within(limits.checkMs, bucket.iam.testPermissions(NEEDED));
  const [granted] = await again('be reached', ask, { limits: { ...limits, tries: 3 } }).catch((error: unknown) => {
    throw new BucketNotUsable(reason(bucket.name, error), { cause: error });
  });
  const missing = NEEDED.filter((permission) => !granted[permission]);
  if (missing.length > 0) throw new BucketNotUsable(notGranted(bucket.name, missing.join(', ')));
}

function reason(bucket: string, error: unknown): string {
  const status = statusOf(error);
  const text = error instanceof Error ? error.message : String(error);
  if (status === 404) return `There is no bucket ${bucket}. Create it, or set STORAGE_BUCKET to one that is there.`;
  if (status === 401 || status === 403) return notGranted(bucket, text);
  if (/default credentials/i.test(text)) {
    return `There are no Google credentials to use the bucket ${bucket} with. Run as a service account, or log in with \`gcloud auth application-default login\`.`;
  }
  return `The bucket ${bucket} cannot be reached: ${text}`;
}

function notGranted(bucket: string, what: string): string {
  return `This process may not use the bucket ${bucket} (${what}). Grant its service account roles/storage.objectUser on the bucket.`;
}

async function within<T>(ms: number, asked: Promise<T>): Promise<T> {
  let late: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    late = setTimeout(() => reject(new TookTooLong('The answer of Cloud Storage', ms)), ms);
  });
  return Promise.race([asked, tooLate]).finally(() => clearTimeout(late));
}
