import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import type { Slot } from '../shared/queue/slots.ts';

/**
 * Threads for FFmpeg. As many steps at once as cores with one thread each is the fastest (measured 7–10 % over one step
 * with all threads); a step that is alone must still use every core. Pure.
 *
 * To keep several cores busy x264 needs half as many threads more, which is also what it takes by itself (measured on two
 * cores alone: 2 to 7 % faster; docs/decisions/0039).
 *
 * @param busy steps in slots, this one included
 */
export function threadsFor(cores: number, busy: number): number {
  const share = Math.floor(cores / Math.max(1, busy));
  return share <= 1 ? 1 : Math.ceil(1.5 * share);
}

/** The database answers a claim in milliseconds; one that stands still must not hold up those who have a step. */
const PATIENCE_MS = 500;

/** Who is in a slot, and whose claim is under way. */
export interface SlotWatch {
  readonly busy: number;
  /** A step has begun. The answer is the slot to use; `end` says that the step has ended. */
  enter(slot: Slot): Pick<Slot, 'leave' | 'without'> & { end(): void };
  /** A claim that may bring another step. */
  asking(claim: Promise<unknown>): void;
  /**
   * Threads for an FFmpeg that starts now. Waits for the claims under way: the first of many steps would take all cores
   * a moment before the others come.
   */
  threads: () => Promise<number>;
}

/** @param tell hears of how many are in slots whenever that changes */
export function watchSlots(cores: number, tell: (busy: number) => void): SlotWatch {
  const claims = new Set<Promise<unknown>>();
  const steps = new Set<Slot>();
  const busy = () => [...steps].filter(({ isHeld }) => isHeld).length;
  const changed = () => tell(busy());
  return {
    get busy() {
      return busy();
    },
    enter(slot) {
      steps.add(slot);
      changed();
      return {
        leave() {
          slot.leave();
          changed();
        },
        without: (waiting, signal) => slot.without(waiting, signal).finally(changed),
        end() {
          steps.delete(slot);
          changed();
        },
      };
    },
    asking(claim) {
      // Also because a step that waits has just given its slot back.
      changed();
      const asked: Promise<unknown> = claim.then(
        () => claims.delete(asked),
        () => claims.delete(asked),
      );
      claims.add(asked);
    },
    async threads() {
      const patience = new AbortController();
      const late = wait(PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => {});
      let isLate = false;
      void late.then(() => (isLate = true));
      // The next claim begins in the turn in which the one before it was answered.
      for (await turn(); claims.size > 0 && !isLate; await turn()) await Promise.race([late, ...claims]);
      patience.abort();
      return threadsFor(cores, busy());
    },
  };
}
