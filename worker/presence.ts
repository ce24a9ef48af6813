import type { Db } from '../shared/db/connect.ts';
import type { Log } from '../shared/log.ts';
import type { FinishedStep, Metrics } from '../shared/metrics/metrics.ts';
import { endPresence, showPresence } from '../shared/task/workers.ts';

const SHOW_EVERY_MS = 10_000;
const RECENT_MS = 10 * 60_000;

/** What this worker has made lately; `metrics` are told all the same. */
export function recentWork(metrics: Metrics, now: () => number = Date.now) {
  const clips: { at: number; sourceSeconds: number }[] = [];
  return {
    metrics: {
      ...metrics,
      stepFinished(step: FinishedStep) {
        if (step.kind === 'clip' && step.outcome === 'done') {
          clips.push({ at: now(), sourceSeconds: step.sourceSeconds ?? 0 });
        }
        metrics.stepFinished(step);
      },
    } satisfies Metrics,
    read: (): { clips: number; sourceSeconds: number } => {
      while (clips[0] && clips[0].at < now() - RECENT_MS) clips.shift();
      return { clips: clips.length, sourceSeconds: clips.reduce((sum, clip) => sum + clip.sourceSeconds, 0) };
    },
  };
}

/** Lets operators see that this worker is there, until it stops. */
export function keepPresent(
  { db, log }: { db: Db; log: Log },
  worker: { name: string; slots: number },
  recent: () => { clips: number; sourceSeconds: number },
) {
  let showing = Promise.resolve();
  function show(): void {
    showing = showPresence(db, { ...worker, ...recent() }).catch((error: unknown) => {
      log.debug({ err: error }, 'could not say that this worker is there; trying again');
    });
  }
  show();
  const timer = setInterval(show, SHOW_EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await showing;
      // One that could not be taken back is taken for gone after a while.
      await endPresence(db, worker.name).catch(() => {});
    },
  };
}
