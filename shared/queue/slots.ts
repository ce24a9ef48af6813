import { setTimeout as wait } from 'node:timers/promises';

/** A place where a piece of work may use the processor. */
export interface Slot {
  /** Whether it is the work's right now. */
  readonly isHeld: boolean;
  /** Gives it back before the end: what is left waits for the network, not for the processor. */
  leave(): void;
  /**
   * Waits for the network. Should that last, another piece of work gets the slot meanwhile, and this one the next that is
   * free after it. A wait that fails gets none: then there is nothing to do but to say so.
   *
   * @throws what `waiting` throws, and the signal's reason when aborted
   */
  without<T>(waiting: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export interface Slots {
  /** Whether one is free right now. */
  readonly free: boolean;
  /** Pieces of work that run without one. Never more than there are slots: a further one keeps its slot to its end. */
  readonly outside: number;
  /** Waits for a free slot; the answer gives it back, once however often it is called. */
  take(): Promise<() => void>;
  /** Does work in a slot that was taken. @param giveBack of that slot */
  run(work: (slot: Slot) => Promise<void>, giveBack: () => void, hooks?: SlotHooks): Promise<void>;
}

export interface SlotHooks {
  /** The work has left its slot for good, or has ended. Not called when it throws. */
  onLeft?: () => void;
  /** The slot is free while the work waits. */
  onAway?: () => void;
}

/** Shorter waits are not worth the change: what takes the slot meanwhile keeps it for a whole part. */
const AWAY_AFTER_MS = 1_000;

/** So many pieces of work at once; the others wait their turn. */
export function openSlots(count: number, awayAfterMs = AWAY_AFTER_MS): Slots {
  const waiting: (() => void)[] = [];
  let busy = 0;
  let outside = 0;

  function give(): () => void {
    busy++;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      busy--;
      waiting.shift()?.();
    };
  }

  async function take(): Promise<() => void> {
    while (busy >= count) await new Promise<void>((resolve) => waiting.push(resolve));
    return give();
  }

  /** Before all who have not begun. */
  async function takeAgain(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    while (busy >= count) {
      await new Promise<void>((resolve, reject) => {
        waiting.unshift(resolve);
        const giveUp = () => {
          // Whoever is no longer there must not be the one who hears of a free slot.
          waiting.splice(waiting.indexOf(resolve), 1);
          reject(signal.reason as Error);
        };
        signal.addEventListener('abort', () => waiting.includes(resolve) && giveUp(), { once: true });
      });
    }
    return give();
  }

  async function run(
    work: (slot: Slot) => Promise<void>,
    taken: () => void,
    { onLeft = () => {}, onAway = () => {} }: SlotHooks = {},
  ) {
    let giveBack: (() => void) | null = taken;
    let hasLeft = false;
    const goOut = () => {
      if (!giveBack || outside >= count) return false;
      outside++;
      giveBack();
      giveBack = null;
      return true;
    };
    const slot: Slot = {
      get isHeld() {
        return giveBack !== null;
      },
      leave() {
        if (!goOut()) return;
        hasLeft = true;
        onLeft();
      },
      async without(waiting, signal) {
        const ended = new AbortController();
        const away = wait(awayAfterMs, undefined, { signal: ended.signal }).then(goOut, () => false);
        void away.then((isAway) => isAway && onAway());
        const [result] = await Promise.allSettled([waiting()]);
        ended.abort();
        if (await away) {
          if (result.status === 'fulfilled') giveBack = await takeAgain(signal).finally(() => outside--);
          else outside--;
        }
        if (result.status === 'rejected') throw result.reason;
        return result.value;
      },
    };
    try {
      await work(slot);
      if (!hasLeft) onLeft();
    } finally {
      if (hasLeft) outside--;
      giveBack?.();
    }
  }

  return {
    get free() {
      return busy < count;
    },
    get outside() {
      return outside;
    },
    take,
    run,
  };
}
