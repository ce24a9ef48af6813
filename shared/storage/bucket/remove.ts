import type { Bucket } from '@google-cloud/storage';
import { again } from './again.ts';
import type { Limits } from './limits.ts';

/** Deletions at once; a task has up to some thousand files. */
const AT_ONCE = 16;

/** The keys below a prefix, a page at a time. */
export async function* pages(bucket: Bucket, prefix: string, limits: Limits): AsyncGenerator<string[], void> {
  let query: object | null = { prefix, fields: 'items(name),nextPageToken' };
  while (query) {
    const asked: object = { ...query, autoPaginate: false };
    const [files, next] = await again('list files', () => bucket.getFiles(asked), { limits });
    yield files.map((file) => file.name);
    query = next;
  }
}

/** Removes one object; none is fine. */
export async function removeObject(bucket: Bucket, key: string, limits: Limits): Promise<void> {
  await again('remove a file', () => bucket.file(key).delete({ ignoreNotFound: true }), { limits });
}

/** Removes all objects below a prefix. */
export async function removeObjects(bucket: Bucket, prefix: string, limits: Limits): Promise<void> {
  for await (const keys of pages(bucket, prefix, limits)) {
    const left = keys.values();
    // As many hands, one pile.
    const hand = async () => {
      for (const key of left) await removeObject(bucket, key, limits);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, hand));
  }
}
