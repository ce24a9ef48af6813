import { again } from './again.ts';
import { exchange } from './exchange.ts';
import { Refused } from './failure.ts';
import type { Limits } from './limits.ts';

/** A stored object as the JSON API tells of it; sizes are strings there. */
export interface ObjectMetadata {
  size: string;
  crc32c: string;
}

type Progress = { finished: ObjectMetadata } | { persisted: number };

/**
 * A resumable upload, https://cloud.google.com/storage/docs/performing-resumable-uploads: one address that takes the
 * blocks in turn. Whoever knows the address needs no credentials.
 *
 * Spoken by us, because the client's write stream cannot be aborted together with its session, sends no checksum, has
 * no time-outs, and gives up when a second failure follows upon the first.
 */
export function resumeSession(url: string, limits: Limits, signal?: AbortSignal) {
  async function put(bytes: Buffer, range: string, more: Record<string, string> = {}): Promise<Progress> {
    const headers = { 'content-range': range, ...more };
    const answer = await exchange(url, { method: 'PUT', headers, body: bytes }, limits.blockMs, signal);
    if (answer.status === 308) return { persisted: persistedBytes(answer.headers.range) };
    if (answer.status >= 300) throw new Refused(answer.status, answer.text);
    return { finished: JSON.parse(answer.text) as ObjectMetadata };
  }

  return {
    /**
     * Sends the block that begins at `start`, however often the connection breaks.
     *
     * @param end for the last block, the size of the whole and its checksum: another one is refused
     * @returns what came to be, after the last block
     */
    async send(
      block: Buffer,
      start: number,
      end: { total: number; crc32c: string } | null,
    ): Promise<ObjectMetadata | null> {
      const stop = start + block.length;
      const total = end?.total ?? '*';
      let from = start;
      let unsure = false;

      async function goOn(): Promise<ObjectMetadata | null> {
        for (;;) {
          const rest = block.subarray(from - start);
          const range = rest.length > 0 ? `bytes ${from}-${stop - 1}/${total}` : `bytes */${total}`;
          // After a failure nobody knows what has arrived, so ask first.
          const asked = unsure;
          const progress = asked
            ? await put(Buffer.alloc(0), `bytes */${total}`)
            : await put(rest, range, end ? { 'x-goog-hash': `crc32c=${end.crc32c}` } : {});
          unsure = false;
          if ('finished' in progress) return progress.finished;
          if (progress.persisted < start) throw new Error(`${start - progress.persisted} bytes were lost over there.`);
          if (progress.persisted === stop && !end) return null;
          if (progress.persisted <= from && !asked) throw new Refused(503, 'it kept nothing of a block');
          from = progress.persisted;
        }
      }

      const once = () =>
        goOn().catch((error: unknown) => {
          unsure = true;
          throw error;
        });
      return again('take a block', once, { limits, signal, headway: () => from });
    },

    /** Throws away what has been sent. Answers whether it is sure that no object comes of it. */
    async cancel(): Promise<boolean> {
      const once = async () => {
        const { status, text } = await exchange(url, { method: 'DELETE' }, limits.callMs);
        if (status >= 500) throw new Refused(status, text);
        // "Client closed request": the upload was under way and is not any more.
        return status === 499;
      };
      return again('cancel an upload', once, { limits: { ...limits, tries: 2 } });
    },
  };
}

function persistedBytes(range: string | string[] | undefined): number {
  const last = /^bytes=0-(\d+)$/.exec(String(range ?? ''))?.[1];
  return last === undefined ? 0 : Number(last) + 1;
}
