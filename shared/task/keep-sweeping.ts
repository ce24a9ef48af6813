import { setTimeout as wait } from 'node:timers/promises';
import type { Db } from '../db/connect.ts';
import type { Log } from '../log.ts';
import type { Queue } from '../queue/queue.ts';
import type { Storage } from '../storage/storage.ts';
import { sweepRemovals } from './removals.ts';
import { retireShares, sweepSteps } from './sweep.ts';

export interface Sweeping {
  settings: { STEP_TRIES: number };
  db: Db;
  queue: Queue;
  storage: Storage;
  log: Log;
}

/** With a lease of 20 s: a step whose worker was killed is ready for others within 33 s. */
const SWEEP_EVERY_MS = 10_000;
/** What is only tidying is done with every tenth sweep. */
const TIDY_EVERY = 10;

/**
 * Sweeps now and then until the signal aborts. Workers do it, and web too: with the fleet scaled to nothing, somebody
 * has to announce what waits. Several sweep at different moments and do each other no harm.
 *
 * @param options.tidy what else the process has to tidy, now and then
 */
export async function keepSweeping(
  parts: Sweeping,
  signal: AbortSignal,
  { everyMs = SWEEP_EVERY_MS, tidy }: { everyMs?: number; tidy?: () => Promise<void> } = {},
): Promise<void> {
  const { log } = parts;
  // A sweep that is cut off is only repeated by somebody else; stopping must not wait for it.
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  async function sweepAndTidy(isTidying: boolean): Promise<void> {
    await sweep(parts, isTidying).catch((error: unknown) => {
      if (!signal.aborted) log.warn({ err: error }, 'the sweep failed; trying again');
    });
    if (isTidying) await tidy?.().catch((error: unknown) => log.warn({ err: error }, 'could not tidy; trying again'));
  }

  for (let round = 1; !signal.aborted; round++) {
    const isTidying = round % TIDY_EVERY === 0;
    await Promise.race([aborted, sweepAndTidy(isTidying)]);
    await wait(everyMs * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => {});
  }
}

async function sweep({ db, queue, storage, settings, log }: Sweeping, tidy: boolean): Promise<void> {
  const swept = await sweepSteps(db, settings.STEP_TRIES);
  if (swept.announce > 0) {
    // Unheard, they are announced again after a while; the rest of the sweep goes on.
    await queue.announce(swept.announce).catch((error: unknown) => log.warn({ err: error }, 'could not announce'));
  }
  if (tidy) await retireShares(db);
  const removed = await sweepRemovals(db, storage, (error, prefix) => {
    log.warn({ err: error, prefix }, 'could not remove what has to go; trying again');
  });
  if (swept.expired + swept.failed + removed > 0) log.info({ ...swept, removed }, 'swept');
}
