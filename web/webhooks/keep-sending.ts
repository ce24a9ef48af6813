import { setTimeout as timer } from 'node:timers/promises';
import type { Changes } from '../events/changes.ts';
import { leaseDeliveries } from './outbox.ts';
import { sendDelivery, type Sending } from './send.ts';

/** Shortest time between two looks that find nothing. */
const LOOK_AFTER_MS = 1_000;
/** Longest: what is sent again becomes due without anybody telling. */
const LOOK_EVERY_MS = 5_000;

/**
 * Sends what is due until the signal aborts, some at once. Every web process does it; a lease keeps them apart. It looks
 * when the database tells of something, as of a delivery that was made, and now and then.
 *
 * @param parts.settings.WEBHOOKS_AT_ONCE 0 sends nothing
 */
export async function keepSending(
  parts: Sending & { settings: { WEBHOOKS_AT_ONCE: number }; changes: Pick<Changes, 'onAny'> },
  signal: AbortSignal,
): Promise<void> {
  const most = parts.settings.WEBHOOKS_AT_ONCE;
  const under = new Set<Promise<void>>();
  if (most === 0) return;
  const bell = newBell(parts.changes);
  while (!signal.aborted) {
    const heard = bell();
    const leased = await lease(parts, most - under.size, signal);
    for (const delivery of leased) {
      const sending = sendDelivery(parts, delivery, signal)
        .catch((error: unknown) => parts.log.warn({ err: error }, 'could not note a delivery; it is sent again'))
        .finally(() => under.delete(sending));
      under.add(sending);
    }
    // Somebody else's turn comes when one is done.
    if (leased.length === 0 || under.size >= most) await pause(signal, heard, under);
  }
  await Promise.all(under);
}

/** Each call answers a promise of the next change. */
function newBell(changes: Pick<Changes, 'onAny'>): () => Promise<void> {
  let ring = () => {};
  changes.onAny(() => ring());
  return () => new Promise((resolve) => (ring = resolve));
}

async function pause(signal: AbortSignal, heard: Promise<void>, under: Set<Promise<void>>): Promise<void> {
  const over = new AbortController();
  const wait = (ms: number) =>
    timer(ms * (0.75 + Math.random() / 2), undefined, { signal: AbortSignal.any([signal, over.signal]) }).catch(
      () => {},
    );
  const soon = Promise.all([heard, wait(LOOK_AFTER_MS)]);
  await Promise.race([soon, wait(LOOK_EVERY_MS), ...under]);
  over.abort();
}

async function lease({ db, log, settings }: Sending, free: number, signal: AbortSignal) {
  if (free <= 0) return [];
  return leaseDeliveries(db, free, settings.WEBHOOK_SECONDS).catch((error: unknown) => {
    if (!signal.aborted) log.warn({ err: error }, 'could not look for deliveries; trying again');
    return [];
  });
}
