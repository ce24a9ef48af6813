import { setTimeout as wait } from 'node:timers/promises';
import { leaseDeliveries } from './outbox.ts';
import { sendDelivery, type Sending } from './send.ts';

/** How soon an end is told of, at the latest, while nothing else has to be sent. */
const LOOK_EVERY_MS = 1_000;

/**
 * Sends what is due until the signal aborts, some at once. Every web process does it; a lease keeps them apart.
 *
 * @param parts.settings.WEBHOOKS_AT_ONCE 0 sends nothing
 */
export async function keepSending(
  parts: Sending & { settings: { WEBHOOKS_AT_ONCE: number } },
  signal: AbortSignal,
): Promise<void> {
  const most = parts.settings.WEBHOOKS_AT_ONCE;
  const under = new Set<Promise<void>>();
  if (most === 0) return;
  while (!signal.aborted) {
    const leased = await lease(parts, most - under.size, signal);
    for (const delivery of leased) {
      const sending = sendDelivery(parts, delivery, signal)
        .catch((error: unknown) => parts.log.warn({ err: error }, 'could not note a delivery; it is sent again'))
        .finally(() => under.delete(sending));
      under.add(sending);
    }
    // Somebody else's turn comes when one is done; what is new is found by looking.
    const pause = new AbortController();
    const paused = wait(LOOK_EVERY_MS * (0.75 + Math.random() / 2), undefined, {
      signal: AbortSignal.any([signal, pause.signal]),
    }).catch(() => {});
    if (leased.length === 0 || under.size >= most) await Promise.race([paused, ...under]);
    pause.abort();
  }
  await Promise.all(under);
}

async function lease({ db, log, settings }: Sending, free: number, signal: AbortSignal) {
  if (free <= 0) return [];
  return leaseDeliveries(db, free, settings.WEBHOOK_SECONDS).catch((error: unknown) => {
    if (!signal.aborted) log.warn({ err: error }, 'could not look for deliveries; trying again');
    return [];
  });
}
