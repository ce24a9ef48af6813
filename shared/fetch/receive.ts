import { createHash } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { Problem } from '../task/problem.ts';
import type { DownloadLimits } from './limits.ts';
import { rateOver, ticksInWindow } from './rate.ts';

export interface Receiving {
  limits: Required<DownloadLimits>;
  stop: AbortController;
  onProgress: (bytes: number) => void;
}

/**
 * Writes the chunks of a body into a new file that only this user may read, counted and hashed on the way. A file that
 * is there already is left alone; one that could not be completed is removed.
 * @throws Problem
 */
export async function receiveBody(chunks: AsyncIterable<Buffer>, to: string, receiving: Receiving) {
  // `wx` also does not follow a link that somebody put there.
  const file = await open(to, 'wx', 0o600).catch(storageFailed);
  try {
    const received = await copy(chunks, file, receiving);
    await file.close().catch(storageFailed);
    return received;
  } catch (error) {
    await file.close().catch(() => {});
    await rm(to, { force: true });
    throw error;
  }
}

async function copy(
  chunks: AsyncIterable<Buffer>,
  file: FileHandle,
  receiving: Receiving,
): Promise<{ bytes: number; sha256: string }> {
  const { limits, onProgress, stop } = receiving;
  const hash = createHash('sha256');
  let bytes = 0;
  const watch = watchRate(() => bytes, receiving);
  try {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > limits.maxBytes) throw new Problem('source_too_large', `more than ${limits.maxBytes} bytes`);
      hash.update(chunk);
      await file.writeFile(chunk).catch(storageFailed);
      onProgress(bytes);
    }
  } finally {
    clearInterval(watch);
  }
  // A body that is complete ends in good order, stopped or not.
  stop.signal.throwIfAborted();
  if (bytes === 0) throw new Problem('source_empty', 'the answer has no body');
  return { bytes, sha256: hash.digest('hex') };
}

/** A byte now and then keeps any time-out between bytes from firing, so what counts is the rate. */
function watchRate(received: () => number, { limits, stop }: Receiving): NodeJS.Timeout {
  const rate = rateOver(limits.windowSeconds);
  return setInterval(
    () => {
      const measured = rate(received());
      if (measured === null || measured >= limits.minBytesPerSecond) return;
      stop.abort(new Problem('source_timeout', `${Math.round(measured)} bytes a second`));
    },
    (limits.windowSeconds * 1000) / ticksInWindow,
  );
}

function storageFailed(error: unknown): never {
  throw new Problem('storage_failed', error instanceof Error ? error.message : String(error), { cause: error });
}
