import type { LookupFunction } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '../task/problem.ts';
import type { Draft } from './draft.ts';
import type { DownloadLimits } from './limits.ts';
import { openSource, type OpenSource } from './open.ts';
import { receiveBody } from './receive.ts';
import type { Held } from './resume.ts';

export interface Fetching {
  /** As a stranger wrote it. */
  address: string;
  allow: readonly string[];
  limits: Required<DownloadLimits>;
  /** Ends all tries; its reason is the error. */
  stop: AbortController;
  lookup: LookupFunction | undefined;
  onProgress: ((bytes: number, total: number | null) => void) | undefined;
}

export interface Fetched {
  url: URL;
  /** Redirects followed, in the last try. */
  hops: number;
  tries: number;
}

/** What is there of a source, and of which version of it. */
interface Copy extends Pick<OpenSource, 'validator' | 'total'> {
  draft: Draft;
  /** Whether a server has begun to send. */
  begun: boolean;
}

/**
 * Fetches a source into a draft. When its connection breaks off while bytes were coming, the rest is asked for, or the
 * whole again where the server does not promise that it is the same file. Every try begins with the address as it was
 * given and is checked like the first, redirects and all.
 * @throws Problem; `source_unreachable` when the last try breaks off, too
 */
export async function fetchInto(draft: Draft, fetching: Fetching): Promise<Fetched> {
  const { limits, stop } = fetching;
  // What the slowest download brings in a window: with less, a server could have itself asked for a byte at a time.
  const headway = limits.minBytesPerSecond * limits.windowSeconds;
  const copy: Copy = { draft, begun: false, validator: null, total: null };
  let reached = 0;
  for (let tries = 1, tried = 1; ; tries += 1, tried += 1) {
    try {
      return { ...(await fetchOnce(copy, fetching)), tries };
    } catch (error) {
      stop.signal.throwIfAborted();
      if (draft.bytes > reached + headway) tried = 1;
      reached = Math.max(reached, draft.bytes);
      // What never began did not break off: the server is away, and the step may be tried again later.
      if (!copy.begun || !isUnreachable(error)) throw error;
      if (tried >= limits.tries) throw gaveUp(error, tries, reached);
    }
    await pause(limits.pauseSeconds * 1000 * 2 ** (tried - 1), undefined, { signal: stop.signal });
  }
}

function isUnreachable(error: unknown): error is Problem {
  return error instanceof Problem && error.code === 'source_unreachable';
}

function gaveUp(error: Problem, tries: number, reached: number): Problem {
  const detail = `${error.detail ?? error.message}; broken off ${tries} times, at byte ${reached} at the latest`;
  return new Problem('source_unreachable', detail, { cause: error });
}

/** One answer, from its head to the end of its body. */
async function fetchOnce(copy: Copy, fetching: Fetching): Promise<Omit<Fetched, 'tries'>> {
  const { draft } = copy;
  const { address, allow, limits, lookup, onProgress } = fetching;
  const { stop, release } = stopWithin(fetching.stop.signal);
  try {
    const source = await openSource(address, { allow, limits, stop, lookup, held: heldOf(copy) });
    const { start, total, url, hops } = source;
    copy.begun = true;
    if (start === 0) {
      await draft.startOver();
      copy.validator = source.validator;
    }
    copy.total = total;
    await receiveBody(source.chunks, draft, { limits, stop, onProgress: (bytes) => onProgress?.(bytes, total) });
    if (draft.bytes === 0) throw new Problem('source_empty', 'the answer has no body');
    if (total !== null && draft.bytes !== total)
      throw new Problem('source_unreachable', `ended at byte ${draft.bytes} of ${total}`);
    return { url, hops };
  } catch (error) {
    // What was stopped fails in many places at once; only the reason for the stop is worth telling.
    stop.signal.throwIfAborted();
    throw error;
  } finally {
    release();
    // Ends the connection, whatever state it is in.
    stop.abort();
  }
}

/** What of a copy can be gone on with; null starts over. */
function heldOf({ draft: { bytes }, total, validator }: Copy): Held | null {
  if (bytes === 0 || validator === null) return null;
  return total === null || bytes < total ? { bytes, total, validator } : null;
}

/** A stop of one try, which falls with that of all. */
function stopWithin(all: AbortSignal): { stop: AbortController; release: () => void } {
  const stop = new AbortController();
  const end = () => stop.abort(all.reason);
  if (all.aborted) end();
  all.addEventListener('abort', end, { once: true });
  return { stop, release: () => all.removeEventListener('abort', end) };
}
