import type { Db } from '../shared/db/connect.ts';
import type { Log } from '../shared/log.ts';
import { leaseKey, renewLeases } from '../shared/task/renew.ts';
import type { Lease } from '../shared/task/task.ts';

/** Why a step's work is aborted. */
export type AbortReason = 'lost' | 'stopping';

export interface HeldLease {
  signal: AbortSignal;
  /** From 0 to 1; told to everyone with the next renewal. */
  progress: (fraction: number) => void;
  abort(reason: AbortReason): void;
  /** The step is written down: no more renewals. */
  letGo(): void;
}

/** Also the time within which a cancelled step is noticed. */
const RENEW_EVERY_MS = 1_000;

export interface HeldLeases {
  hold(lease: Lease): HeldLease;
  abortAll(reason: AbortReason): void;
  readonly busy: number;
  stop(): void;
}

/**
 * Renews all the leases of this worker in one exchange a second. A lease that is not the worker's any more (cancelled,
 * or given to another) aborts its work.
 *
 * While the database is away the work goes on: the fence decides afterwards whether it still counts.
 */
export function holdLeases(db: Db, leaseSeconds: number, log: Log): HeldLeases {
  const held = new Map<string, { lease: Lease; fraction: number; controller: AbortController }>();
  let renewing = false;

  const timer = setInterval(() => void renew(), RENEW_EVERY_MS);

  async function renew(): Promise<void> {
    if (renewing || held.size === 0) return;
    renewing = true;
    const asked = [...held.values()];
    try {
      const renewed = await renewLeases(
        db,
        asked.map(({ lease, fraction }) => ({ lease, progress: fraction })),
        leaseSeconds,
      );
      for (const entry of asked) {
        const key = leaseKey(entry.lease);
        if (renewed.has(key) || held.get(key) !== entry) continue;
        // Told once: its work may take a moment to end.
        held.delete(key);
        log.info({ task_id: entry.lease.task, step: entry.lease.step }, 'the step is not ours any more; aborting it');
        entry.controller.abort('lost' satisfies AbortReason);
      }
    } catch (error) {
      log.warn({ err: error }, 'could not renew leases; trying again');
    } finally {
      renewing = false;
    }
  }

  return {
    hold(lease) {
      const entry = { lease, fraction: 0, controller: new AbortController() };
      held.set(leaseKey(lease), entry);
      return {
        signal: entry.controller.signal,
        progress: (fraction) => (entry.fraction = fraction),
        abort: (reason) => entry.controller.abort(reason),
        letGo: () => held.delete(leaseKey(lease)),
      };
    },
    abortAll(reason) {
      for (const { controller } of held.values()) controller.abort(reason);
    },
    get busy() {
      return held.size;
    },
    stop: () => clearInterval(timer),
  };
}
