import { createHash } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { Problem } from '../task/problem.ts';

/** The file that a download makes, counted and hashed as it grows. */
export interface Draft {
  /** Length so far. */
  readonly bytes: number;
  /** Of all that is there, in hexadecimal; asked once, at the end. */
  digest: () => string;
  add: (chunk: Buffer) => Promise<void>;
  /** Forgets all that is there. */
  startOver: () => Promise<void>;
}

/**
 * Makes a new file that only this user may read, and closes it. A file that is there already is left alone; one that
 * could not be completed is removed.
 * @throws Problem `storage_failed`, and whatever `fill` throws
 */
export async function makeDraft<T>(to: string, fill: (draft: Draft) => Promise<T>): Promise<T> {
  // `wx` also does not follow a link that somebody put there.
  const file = await open(to, 'wx', 0o600).catch(storageFailed);
  try {
    const filled = await fill(draftIn(file));
    await file.close().catch(storageFailed);
    return filled;
  } catch (error) {
    await file.close().catch(() => {});
    await rm(to, { force: true });
    throw error;
  }
}

function draftIn(file: FileHandle): Draft {
  let hash = createHash('sha256');
  let bytes = 0;
  return {
    get bytes() {
      return bytes;
    },
    digest: () => hash.digest('hex'),
    async add(chunk) {
      await writeAt(file, chunk, bytes).catch(storageFailed);
      hash.update(chunk);
      bytes += chunk.length;
    },
    async startOver() {
      if (bytes === 0) return;
      await file.truncate(0).catch(storageFailed);
      hash = createHash('sha256');
      bytes = 0;
    },
  };
}

/** By position: the place that a file keeps by itself stays where it was when the file is cut. */
async function writeAt(file: FileHandle, chunk: Buffer, position: number): Promise<void> {
  for (let done = 0; done < chunk.length;) {
    const { bytesWritten } = await file.write(chunk, done, chunk.length - done, position + done);
    done += bytesWritten;
  }
}

function storageFailed(error: unknown): never {
  throw new Problem('storage_failed', error instanceof Error ? error.message : String(error), { cause: error });
}
