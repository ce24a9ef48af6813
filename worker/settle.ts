import { setTimeout as wait } from 'node:timers/promises';
import { mayPass } from '../shared/db/passing.ts';
import type { Log } from '../shared/log.ts';

/** Longer than a database fail-over takes. */
const GIVE_UP_AFTER_MS = 5 * 60_000;
const WAIT_MS = 500;
const WAIT_MOST_MS = 5_000;

/**
 * Writes down what became of a step, again and again while the database is away: the work is done and would be lost.
 * Repeating is harmless, since every write is fenced by its attempt.
 *
 * @param signal gives up at once; the lease then runs out and the step is done elsewhere
 */
export async function settle<Result>(write: () => Promise<Result>, log: Log, signal: AbortSignal): Promise<Result> {
  const until = Date.now() + GIVE_UP_AFTER_MS;
  for (let pause = WAIT_MS; ; pause = Math.min(pause * 2, WAIT_MOST_MS)) {
    try {
      return await write();
    } catch (error) {
      if (signal.aborted || Date.now() > until || !mayPass(error)) throw error;
      log.warn({ err: error }, 'could not write down the step; trying again');
      await wait(pause, undefined, { signal });
    }
  }
}
