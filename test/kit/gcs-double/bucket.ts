import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import { bucketStorage } from '../../../shared/storage/bucket.ts';
import type { Limits } from '../../../shared/storage/bucket/limits.ts';
import type { Storage, Stored } from '../../../shared/storage/storage.ts';
import { startGcsDouble, type GcsDouble } from './double.ts';

/** Small, so that a test of many blocks has few bytes. */
export const BLOCK = 256 * 1024;

export const KEY = 'sources/a/b';

export interface Bucket {
  storage: Storage;
  double: GcsDouble;
}

/** A double and the storage in it. */
export async function openBucket(t: TestContext, limits: Partial<Limits> = {}): Promise<Bucket> {
  const double = await startGcsDouble(t);
  const place = { bucket: double.bucket, project: 'test-project', endpoint: double.url };
  const storage = await bucketStorage(place, { block: BLOCK, pauseMs: 5, ...limits });
  return { storage, double };
}

/** Stores bytes as `KEY`. */
export function put(storage: Storage, data: Buffer, signal?: AbortSignal): Promise<Stored> {
  return storage.put(KEY, Readable.from([data]), signal ? { signal } : {});
}

/** That there is neither an object nor half of one. */
export async function assertNothing({ storage, double }: Bucket): Promise<void> {
  double.faults.clear();
  assert.equal(await storage.stat(KEY), null);
  assert.equal(double.uploads.open, 0);
}
