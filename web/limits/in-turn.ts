import { ApiError } from '../errors.ts';

/** What a client that comes to a full queue is told to wait; the queue is empty again by then. */
const RETRY_AFTER_SECONDS = 2;

export interface Turns {
  /**
   * Runs work when it is its turn.
   *
   * @throws ApiError 429 at once when too much waits already
   */
  take<Result>(work: () => Promise<Result>): Promise<Result>;
  /** @throws ApiError 429 when `take` would */
  refuseWhenFull(): void;
}

/**
 * Costly work: so much of it at once, so much waiting in the order in which it came, and no more.
 *
 * @param tooMany what whoever comes last is told
 */
export function inTurn(atOnce: number, waiting: number, tooMany: { code: string; detail: string }): Turns {
  const queue: (() => void)[] = [];
  let running = 0;

  function refuseWhenFull(): void {
    if (running < atOnce || queue.length < waiting) return;
    throw new ApiError(429, tooMany.code, tooMany.detail, {
      headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) },
    });
  }

  return {
    refuseWhenFull,
    async take(work) {
      refuseWhenFull();
      // Whoever ends passes its place on, so that nobody who comes in between overtakes.
      if (running < atOnce) running++;
      else await new Promise<void>((begin) => queue.push(begin));
      try {
        return await work();
      } finally {
        const next = queue.shift();
        if (next) next();
        else running--;
      }
    },
  };
}
