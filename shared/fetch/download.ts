import type { LookupFunction } from 'node:net';
import { Problem } from '../task/problem.ts';
import { makeDraft } from './draft.ts';
import { withPresets, type DownloadLimits } from './limits.ts';
import { fetchInto } from './tries.ts';

export interface DownloadOptions {
  /** As a stranger wrote it. */
  url: string;
  /** Path of the file to make; it must not exist. */
  to: string;
  /** `host:port` pairs that may be used although private (the setting SOURCE_ALLOW). */
  allow: readonly string[];
  limits: DownloadLimits;
  /** Cancels at any time; its reason is the error. */
  signal?: AbortSignal;
  /** Resolves names in place of the system. */
  lookup?: LookupFunction;
  /** Told after each chunk; `total` is null when the server does not announce it. Less than before: it starts over. */
  onProgress?: (bytes: number, total: number | null) => void;
}

export interface Download {
  bytes: number;
  /** Of the whole file, in hexadecimal. */
  sha256: string;
  /** May carry the token of a signed address: not for logs that others read. */
  finalUrl: string;
  /** Redirects followed, in the last try. */
  hops: number;
  /** More than one where the connection broke off. */
  tries: number;
}

/**
 * Downloads a source that a stranger named, from public addresses only, within limits. What breaks off is gone on with
 * (see `tries.ts`). On any failure nothing is left: no file, no connection.
 * @throws Problem, or the reason of `signal`
 */
export async function downloadSource(options: DownloadOptions): Promise<Download> {
  const { url, to, allow, lookup, signal, onProgress } = options;
  signal?.throwIfAborted();
  const limits = withPresets(options.limits);
  const stop = new AbortController();
  const ends = endings(stop, limits.wallSeconds, signal);
  try {
    return await makeDraft(to, async (draft) => {
      const fetched = await fetchInto(draft, { address: url, allow, limits, stop, lookup, onProgress });
      const { hops, tries } = fetched;
      return { bytes: draft.bytes, sha256: draft.digest(), finalUrl: withoutFragment(fetched.url), hops, tries };
    });
  } catch (error) {
    // What was stopped fails in many places at once; only the reason for the stop is worth telling.
    stop.signal.throwIfAborted();
    throw error;
  } finally {
    ends.clear();
    // Ends the connection, whatever state it is in.
    stop.abort();
  }
}

/** Lets a download end by the wall clock or by its caller. */
function endings(stop: AbortController, wallSeconds: number, signal: AbortSignal | undefined) {
  const late = new Problem('source_timeout', `not complete after ${wallSeconds} s`);
  // Beyond 2^31 ms a timer fires at once.
  const wall = setTimeout(() => stop.abort(late), Math.min(wallSeconds * 1000, 2 ** 31 - 1));
  const cancel = () => stop.abort(signal?.reason);
  signal?.addEventListener('abort', cancel, { once: true });
  return {
    clear() {
      clearTimeout(wall);
      signal?.removeEventListener('abort', cancel);
    },
  };
}

function withoutFragment(url: URL): string {
  const plain = new URL(url);
  plain.hash = '';
  return plain.href;
}
