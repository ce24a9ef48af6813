import { setTimeout as wait } from 'node:timers/promises';
import { sweepRemovals } from '../shared/task/removals.ts';
import { sweepSteps } from '../shared/task/sweep.ts';
import type { WorkerParts } from './context.ts';

/** With a lease of 20 s: a step whose worker was killed runs elsewhere within 30 s. */
const SWEEP_EVERY_MS = 8_000;

/** Sweeps now and then until the signal aborts; workers do it at different moments. */
export async function keepSweeping(parts: WorkerParts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sweep(parts).catch((error: unknown) => parts.log.warn({ err: error }, 'the sweep failed; trying again'));
    await wait(SWEEP_EVERY_MS * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => {});
  }
}

async function sweep({ db, queue, storage, settings, log }: WorkerParts): Promise<void> {
  const swept = await sweepSteps(db, settings.STEP_TRIES);
  if (swept.announce > 0) await queue.announce(swept.announce);
  const removed = await sweepRemovals(db, storage);
  if (swept.expired + swept.failed + removed > 0) log.info({ ...swept, removed }, 'swept');
}
