import { openBucket, type BucketPlace } from './bucket/client.ts';
import { copyObject } from './bucket/copy.ts';
import { statusOf } from './bucket/failure.ts';
import { fetchObject } from './bucket/fetch.ts';
import { findObject } from './bucket/find.ts';
import { usualLimits, type Limits } from './bucket/limits.ts';
import { openSession } from './bucket/open-session.ts';
import { putObject } from './bucket/put.ts';
import { openRead } from './bucket/read.ts';
import { pages, removeObject, removeObjects } from './bucket/remove.ts';
import { urlSigner } from './bucket/sign.ts';
import { assertUsable, checkBucket } from './bucket/usable.ts';
import { AlreadyStored, checkKey, checkPrefix, NotStored, type Storage } from './storage.ts';

/**
 * Storage in a bucket of Cloud Storage. Who we are is found as Google's clients find it: the machine's service
 * account, or what GOOGLE_APPLICATION_CREDENTIALS names.
 *
 * @throws BucketNotUsable when the bucket is not there, cannot be reached, or is not for us to use
 */
export async function bucketStorage(place: BucketPlace, changed: Partial<Limits> = {}): Promise<Storage> {
  const limits = { ...usualLimits, ...changed };
  const bucket = openBucket(place, limits);
  const signUrl = urlSigner(bucket, limits, place.endpoint && `${place.endpoint}/v1/projects/-/serviceAccounts/`);
  await assertUsable(bucket, limits);

  return {
    async put(key, body, options = {}) {
      return putObject(bucket, checkKey(key), body, options, limits);
    },

    async stat(key) {
      const found = await findObject(bucket.file(checkKey(key)), limits);
      return found && { bytes: Number(found.size) };
    },

    async get(key, range) {
      return openRead(bucket, checkKey(key), { range }, limits).catch((error: unknown) => {
        throw statusOf(error) === 404 ? new NotStored(key, { cause: error }) : error;
      });
    },

    async fetch(key, to, signal) {
      await fetchObject(bucket, checkKey(key), to, limits, signal);
    },

    async copy(from, to) {
      await copyObject(bucket, checkKey(from), checkKey(to), limits);
    },

    async list(prefix) {
      const keys: string[] = [];
      for await (const page of pages(bucket, checkPrefix(prefix), limits)) keys.push(...page);
      return keys;
    },

    async remove(key) {
      await removeObject(bucket, checkKey(key), limits);
    },

    async removePrefix(prefix) {
      await removeObjects(bucket, checkPrefix(prefix), limits);
    },

    async signUrl(key, options) {
      return signUrl(checkKey(key), options);
    },

    async openUpload(key, { bytes, origin, contentType }) {
      const metadata = { contentLength: bytes, contentType: contentType ?? 'application/octet-stream' };
      const url = await openSession(bucket, checkKey(key), { metadata, origin }, limits).catch((error: unknown) => {
        throw statusOf(error) === 412 ? new AlreadyStored(key, { cause: error }) : error;
      });
      return { url };
    },

    async check() {
      await checkBucket(bucket, limits);
    },
  };
}
