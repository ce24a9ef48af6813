/** So many at once; the others wait their turn. */
export interface Slots {
  /** Whether one is free right now. */
  readonly free: boolean;
  readonly busy: number;
  /** Waits for a free slot; the answer gives it back. */
  take(): Promise<() => void>;
}

export function openSlots(count: number): Slots {
  const waiting: (() => void)[] = [];
  let busy = 0;

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
    get busy() {
      return busy;
    },
    async take() {
      while (busy >= count) await new Promise<void>((resolve) => waiting.push(resolve));
      return give();
    },
  };
}
