import { CRC32C, type Bucket } from '@google-cloud/storage';
import { open, rm, type FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { NotStored } from '../storage.ts';
import { again } from './again.ts';
import { TookTooLong } from './failure.ts';
import { findObject } from './find.ts';
import type { Limits } from './limits.ts';
import { openRead } from './read.ts';

/** Downloads an object to a file. A connection that breaks is taken up where it broke; the whole is checked. */
export async function fetchObject(
  bucket: Bucket,
  key: string,
  to: string,
  limits: Limits,
  signal?: AbortSignal,
): Promise<void> {
  const found = await findObject(bucket.file(key), limits, signal);
  if (!found) throw new NotStored(key);
  const size = Number(found.size);
  // Pinned, so that all pieces are of the same object.
  const generation = String(found.generation);
  const out = await open(to, 'wx', 0o600);
  const received = receiver(out);
  try {
    const once = async () => {
      if (received.bytes === size) return;
      const range = { start: received.bytes, end: size - 1 };
      const stream = await openRead(bucket, key, { range, generation, signal }, limits);
      await received.all(stream, limits.idleMs);
      if (received.bytes < size) throw Object.assign(new Error('The file ended too early.'), { code: 'ECONNRESET' });
    };
    await again('send a file', once, { limits, signal, headway: () => received.bytes });
    if (received.crc32c() !== found.crc32c) {
      throw new Error(`${key} arrived with crc32c ${received.crc32c()} instead of ${String(found.crc32c)}.`);
    }
    await out.close();
  } catch (error) {
    await out.close();
    await rm(to, { force: true });
    throw error;
  }
}

function receiver(out: FileHandle) {
  const checksum = new CRC32C();
  let bytes = 0;
  return {
    get bytes() {
      return bytes;
    },
    crc32c: () => checksum.toString(),

    /** Writes what comes, until the end, an error, or too long a silence. */
    async all(stream: Readable, idleMs: number): Promise<void> {
      const silent = setTimeout(() => stream.destroy(new TookTooLong('The next bytes of a file', idleMs)), idleMs);
      try {
        for await (const piece of stream as AsyncIterable<Buffer>) {
          silent.refresh();
          await out.writeFile(piece);
          checksum.update(piece);
          bytes += piece.length;
        }
      } finally {
        clearTimeout(silent);
      }
    },
  };
}
