import { setTimeout as pause } from 'node:timers/promises';
import { StorageUnavailable } from '../storage.ts';
import { passes, statusOf } from './failure.ts';
import type { Limits } from './limits.ts';

interface Trying {
  limits: Limits;
  signal?: AbortSignal | undefined;
  /** How far it has come; headway starts the count of tries anew. */
  headway?: () => number;
}

/**
 * Does something that may be done twice until it succeeds, fails for good, or has been tried often enough. One policy
 * for everything, so the client's own, which differs from call to call, is switched off.
 */
export async function again<T>(what: string, once: () => Promise<T>, trying: Trying): Promise<T> {
  const { limits, signal, headway = () => 0 } = trying;
  let reached = headway();
  for (let tried = 1; ; tried++) {
    signal?.throwIfAborted();
    try {
      return await once();
    } catch (error) {
      signal?.throwIfAborted();
      if (!passes(error)) throw error;
      if (headway() > reached) tried = 1;
      reached = headway();
      if (tried >= limits.tries) throw new StorageUnavailable(gaveUp(what, tried, error), { cause: error });
      await pause(limits.pauseMs * 2 ** (tried - 1) * (0.5 + Math.random()), undefined, { signal });
    }
  }
}

function gaveUp(what: string, tried: number, error: unknown): string {
  const status = statusOf(error);
  const reason = status ? `it answered ${status}` : error instanceof Error ? error.message : String(error);
  return `Cloud Storage could not ${what}, tried ${tried} times: ${reason}`;
}
