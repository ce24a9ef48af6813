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
  /** Waits for a free slot; the answer gives it back, once however often it is called. */
  take(): Promise<() => void>;
  /**
   * Does work in a slot that was taken. As many may be without one as there are slots; a further one keeps its slot until
   * another is back.
   *
   * @param giveBack of that slot
   */
  run(work: (slot: Slot) => Promise<void>, giveBack: () => void, hooks?: SlotHooks): Promise<void>;
}

export interface SlotHooks {
  /** The work has left its slot for good, or has ended; the slot is given back. Not called when it throws. */
  onLeft?: () => void;
  /** The slot is free while the work waits. */
  onAway?: () => void;
}

/** Shorter waits are not worth the change: what takes the slot meanwhile keeps it for a whole part. */
const AWAY_AFTER_MS = 1_000;

/** So many pieces of work at once; the others wait their turn. */
export function openSlots(count: number, awayAfterMs = AWAY_AFTER_MS): Slots {
  /** Those who have been in a slot come before those who have not begun; among each, who came first. */
  const returning: ((giveBack: () => void) => void)[] = [];
  const beginning: ((giveBack: () => void) => void)[] = [];
  /** They want to go out, and as many are out as may be. */
  const refused = new Set<() => void>();
  let busy = 0;
  let outside = 0;

  /** A slot goes to the next in line without being free in between, so that nobody is overtaken. */
  function give(): () => void {
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const next = returning.shift() ?? beginning.shift();
      if (next) next(give());
      else busy--;
    };
  }

  function take(): Promise<() => void> {
    if (busy >= count) return new Promise((resolve) => beginning.push(resolve));
    busy++;
    return Promise.resolve(give());
  }

  async function takeAgain(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (busy < count) return take();
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        returning.splice(returning.indexOf(begin), 1);
        reject(signal.reason as Error);
      };
      const begin = (giveBack: () => void) => {
        signal.removeEventListener('abort', giveUp);
        resolve(giveBack);
      };
      returning.push(begin);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  function cameBack(): void {
    outside--;
    for (const go of [...refused]) go();
  }

  /** One piece of work and the slot that it has, or not. */
  class Held implements Slot {
    private hasLeft = false;
    private stay = () => {};

    constructor(
      private giveBack: (() => void) | null,
      private readonly hooks: SlotHooks,
    ) {}

    get isHeld() {
      return this.giveBack !== null;
    }

    leave() {
      this.stay = this.goOut(() => {
        this.hasLeft = true;
        this.hooks.onLeft?.();
      });
    }

    async without<T>(waiting: () => Promise<T>, signal: AbortSignal): Promise<T> {
      let isAway = false;
      let stay = () => {};
      const away = () => {
        isAway = true;
        this.hooks.onAway?.();
      };
      const timer = setTimeout(() => (stay = this.goOut(away)), awayAfterMs);
      let back: Promise<() => void> | undefined;
      let result: T;
      try {
        result = await waiting();
        // In line before another goes out, whose slot is then for this one.
        if (isAway) back = takeAgain(signal);
      } finally {
        clearTimeout(timer);
        stay();
        // Whoever only waits for a slot is out no more.
        if (isAway) cameBack();
      }
      if (back) this.giveBack = await back;
      return result;
    }

    /** @param isDone not when the work threw */
    end(isDone: boolean) {
      this.stay();
      this.giveBack?.();
      this.giveBack = null;
      if (this.hasLeft) cameBack();
      else if (isDone) this.hooks.onLeft?.();
    }

    /** Now, or as soon as another has come back. The answer takes the wish back. */
    private goOut(then: () => void): () => void {
      const go = () => {
        refused.delete(go);
        if (!this.giveBack) return;
        if (outside >= count) return void refused.add(go);
        outside++;
        const giveBack = this.giveBack;
        this.giveBack = null;
        giveBack();
        then();
      };
      go();
      return () => void refused.delete(go);
    }
  }

  return {
    get free() {
      return busy < count;
    },
    take,
    async run(work, giveBack, hooks = {}) {
      const slot = new Held(giveBack, hooks);
      let isDone = false;
      try {
        await work(slot);
        isDone = true;
      } finally {
        slot.end(isDone);
      }
    },
  };
}
