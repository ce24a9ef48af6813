import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../log.ts';

/** Something to send, and how it is called in the log. */
export interface Parcel {
  name: string;
  send: () => Promise<unknown>;
}

/** All in ms but `most`. */
export interface DeliveryLimits {
  /** Most parcels that wait; the oldest is dropped for a new one. */
  most: number;
  firstPause: number;
  longestPause: number;
  /** A parcel is given up when it has been tried for this long. */
  giveUpAfter: number;
}

export interface Delivery {
  /** Takes a parcel and comes back at once. */
  push(parcel: Parcel): void;
  /** Waits until everything has arrived or was given up. */
  settled(): Promise<void>;
  /** Tries nothing again and takes no more. */
  stop(): void;
}

const usual: DeliveryLimits = { most: 10, firstPause: 500, longestPause: 16_000, giveUpAfter: 60_000 };

/** What may pass by itself: the service is away, or did not answer in time. (gRPC's UNAVAILABLE, DEADLINE_EXCEEDED.) */
const passing = new Set<unknown>([14, 4]);

/**
 * Sends parcels one after the other, since points that arrive after later ones are refused, and tries again what may
 * still arrive. However long nothing gets through, no more than a few parcels are kept.
 */
export function deliverInOrder(log: Log, limits: DeliveryLimits = usual): Delivery {
  const waiting: Parcel[] = [];
  const stopping = new AbortController();
  let working: Promise<void> | undefined;

  function push(parcel: Parcel): void {
    if (stopping.signal.aborted) return;
    waiting.push(parcel);
    if (waiting.length > limits.most) {
      log.warn({ parcel: waiting.shift()?.name }, 'too much is waiting to be sent; dropped the oldest');
    }
    working ??= work();
  }

  async function work(): Promise<void> {
    // A turn later, so that `working` is set before it can be unset.
    await Promise.resolve();
    for (let next = waiting.shift(); next; next = waiting.shift()) await deliver(next);
    working = undefined;
  }

  async function deliver({ name, send }: Parcel): Promise<void> {
    const until = performance.now() + limits.giveUpAfter;
    for (let pause = limits.firstPause; ; pause = Math.min(pause * 2, limits.longestPause)) {
      try {
        await send();
        return;
      } catch (error) {
        const { code } = error as { code?: unknown };
        if (!passing.has(code) || stopping.signal.aborted || performance.now() + pause > until) {
          log.warn({ err: error, parcel: name }, 'could not send; given up');
          return;
        }
      }
      // All processes lost the service at the same moment; they shall not come back at the same moment.
      await wait(pause * (0.5 + Math.random() / 2), undefined, { signal: stopping.signal }).catch(() => {});
    }
  }

  return {
    push,
    settled: () => working ?? Promise.resolve(),
    stop() {
      waiting.length = 0;
      stopping.abort();
    },
  };
}
