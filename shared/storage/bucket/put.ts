import { CRC32C, type Bucket } from '@google-cloud/storage';
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { contentType } from '../content-type.ts';
import { measure } from '../measure.ts';
import { AlreadyStored, type Stored } from '../storage.ts';
import { again } from './again.ts';
import { inBlocks } from './blocks.ts';
import { statusOf } from './failure.ts';
import { findObject } from './find.ts';
import type { Limits } from './limits.ts';
import { openSession } from './open-session.ts';
import { resumeSession, type ObjectMetadata } from './session.ts';

/** Streams a file into the bucket, block by block, with a checksum that Cloud Storage compares before it stores. */
export async function putObject(
  bucket: Bucket,
  key: string,
  body: Readable,
  options: { maxBytes?: number; signal?: AbortSignal },
  limits: Limits,
): Promise<Stored> {
  const { through, stored } = measure(options.maxBytes);
  const upload = beginUpload(bucket, key, limits);
  try {
    await pipeline(body, through, upload.send, options.signal ? { signal: options.signal } : {});
    return stored();
  } catch (error) {
    await upload.undo();
    throw statusOf(error) === 412 ? new AlreadyStored(key, { cause: error }) : error;
  }
}

function beginUpload(bucket: Bucket, key: string, limits: Limits) {
  /** Tells our object from one that somebody else has put under the same key at the same time. */
  const mark = randomUUID();
  const metadata = { contentType: contentType(key), metadata: { put: mark } };
  /** Whoever waits for a failed put need not wait for long; a session forgotten ends by itself, without an object. */
  const briefly = { ...limits, tries: 2 };
  let session: ReturnType<typeof resumeSession> | undefined;

  return {
    /** The last part of a pipeline, which hands it the signal that another part has failed or all are aborted. */
    async send(this: void, pieces: AsyncIterable<Buffer>, pipeline?: { signal: AbortSignal }): Promise<void> {
      const checksum = new CRC32C();
      let sent = 0;
      for await (const { bytes, last } of inBlocks(pieces, limits.block)) {
        // Not earlier: what fails within its first block has never been heard of over there.
        session ??= resumeSession(await openSession(bucket, key, { metadata }, limits), limits, pipeline?.signal);
        checksum.update(bytes);
        const total = sent + bytes.length;
        const made = await session.send(bytes, sent, last ? { total, crc32c: checksum.toString() } : null);
        sent = total;
        if (made) assertSame(made, total, checksum.toString());
      }
    },

    /** Leaves nothing: neither half an upload nor the object, should the last block have arrived all the same. */
    async undo(): Promise<void> {
      if (!session || (await session.cancel().catch(() => false))) return;
      const file = bucket.file(key);
      const found = await findObject(file, briefly).catch(() => null);
      if (found?.metadata?.put !== mark) return;
      await again('remove a file', () => file.delete({ ignoreNotFound: true }), { limits: briefly }).catch(() => {});
    },
  };
}

function assertSame(made: ObjectMetadata, bytes: number, crc32c: string): void {
  if (Number(made.size) === bytes && made.crc32c === crc32c) return;
  throw new Error(`Sent ${bytes} bytes (crc32c ${crc32c}), stored are ${made.size} (${made.crc32c}).`);
}
