import type { Fleet, Worker } from './types.ts';

/**
 * Whether the fleet is well: `nobody` is there for what waits; it is `paused`; what waits has been `waiting` for long;
 * `busy`; or `idle`.
 */
export type Health = 'nobody' | 'paused' | 'waiting' | 'busy' | 'idle';

/** Steps are claimed within seconds when a slot is free, so a step that waits for longer has none. Seconds. */
const LONG_SECONDS = 120;

/** Pure. */
export function healthOf({ paused, waiting, workers }: Pick<Fleet, 'paused' | 'waiting' | 'workers'>): Health {
  if (paused) return 'paused';
  if (workers.length === 0) return 'nobody';
  if (waiting.steps > 0 && waiting.oldest_seconds > LONG_SECONDS) return 'waiting';
  return waiting.steps > 0 || busySlots({ workers }) > 0 ? 'busy' : 'idle';
}

export function busySlots({ workers }: Pick<Fleet, 'workers'>): number {
  return workers.reduce((sum, worker) => sum + inSlots(worker), 0);
}

/** A worker may have more steps than slots: those that wait for the network need none. */
export function inSlots({ steps, slots }: Pick<Worker, 'steps' | 'slots'>): number {
  return Math.min(steps.length, slots);
}

export function allSlots({ workers }: Pick<Fleet, 'workers'>): number {
  return workers.reduce((sum, { slots }) => sum + slots, 0);
}
