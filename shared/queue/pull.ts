import type { Claim, Subscription } from './queue.ts';
import { openSlots } from './slots.ts';

export interface Pull extends Subscription {
  /** There may be work: look now rather than at the next poll. */
  ring(): void;
}

/**
 * Fills free slots for as long as claims find work, then waits for a ring or the slow poll. So one ring is enough for
 * any number of steps, and a lost one costs a poll's length.
 *
 * @param slotCount pieces of work at once
 * @param pollMs longest time between two looks while slots are free
 * @param onError hears of a claim that failed, for example while the database is away; the next poll tries again
 */
export function pullWork(
  slotCount: number,
  claim: Claim,
  options: { pollMs: number; onError: (error: unknown) => void },
): Pull {
  const slots = openSlots(slotCount);
  const running = new Set<Promise<void>>();
  const closing = new AbortController();
  let rung = false;
  let wake: () => void = () => {};

  const ring = () => {
    rung = true;
    wake();
  };

  async function pull(): Promise<void> {
    while (!closing.signal.aborted) {
      const giveBack = await slots.take();
      rung = false;
      if (await startOne(giveBack)) continue;
      giveBack();
      await ringOrPoll();
    }
  }

  async function startOne(giveBack: () => void): Promise<boolean> {
    if (closing.signal.aborted) return false;
    try {
      const work = await claim();
      if (!work) return false;
      const done: Promise<void> = slots
        .run(work, giveBack)
        .catch(options.onError)
        .finally(() => running.delete(done));
      running.add(done);
      return true;
    } catch (error) {
      options.onError(error);
      return false;
    }
  }

  async function ringOrPoll(): Promise<void> {
    // A ring during the claim that found nothing may tell of what came after it looked.
    if (rung || closing.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, options.pollMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  const pulling = pull();
  return {
    ring,
    async close() {
      closing.abort();
      wake();
      await pulling;
      await Promise.all(running);
    },
  };
}
