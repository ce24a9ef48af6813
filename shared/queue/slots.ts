import type { Work } from './queue.ts';

/** So many pieces of work at once; the others wait their turn. */
export interface Slots {
  /** Whether one is free right now. */
  readonly free: boolean;
  /** Waits for a free slot; the answer gives it back, once however often it is called. */
  take(): Promise<() => void>;
  /**
   * Does work in a slot that was taken, and gives the slot back when the work ends or leaves it. As many may have left
   * as there are slots: a further one keeps its slot to its end, so that a storage that is slow holds up the encoding
   * too before files pile up.
   *
   * @param onFree told when the slot is given back; not when the work throws
   */
  run(work: Work, giveBack: () => void, onFree?: () => void): Promise<void>;
}

export function openSlots(count: number): Slots {
  const waiting: (() => void)[] = [];
  let busy = 0;
  let left = 0;

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

  return {
    get free() {
      return busy < count;
    },
    async take() {
      while (busy >= count) await new Promise<void>((resolve) => waiting.push(resolve));
      return give();
    },
    async run(work, giveBack, onFree = () => {}) {
      let hasLeft = false;
      const leave = () => {
        if (hasLeft || left >= count) return hasLeft;
        hasLeft = true;
        left++;
        onFree();
        giveBack();
        return true;
      };
      try {
        await work(leave);
        if (!hasLeft) onFree();
      } finally {
        if (hasLeft) left--;
        giveBack();
      }
    },
  };
}
