import type { Db } from '../db/connect.ts';
import type { Log } from '../log.ts';
import type { Sample } from './figures.ts';
import { readFleet } from './fleet.ts';
import type { Metrics } from './metrics.ts';
import { prometheusPage } from './prometheus.ts';
import { recordFigures } from './record.ts';

/**
 * Figures on a page that Prometheus fetches. What waits for the fleet is read when the page is; several that ask at
 * once share one query, so that the page is no lever against the database.
 *
 * @param fleet whether this process tells what waits for all; a worker tells only its own figures
 */
export function pageMetrics(db: Db, log: Log, fleet: boolean): Metrics {
  const recorder = recordFigures();
  let reading: Promise<Sample[]> | undefined;

  function waiting(): Promise<Sample[]> {
    reading ??= readFleet(db)
      .catch((error: unknown) => {
        // Left out rather than told as they were a while ago; the process's own figures are as good as ever.
        log.warn({ err: error }, 'could not read what waits for the fleet');
        return [];
      })
      .finally(() => (reading = undefined));
    return reading;
  }

  return {
    stepFinished: recorder.stepFinished,
    slotsBusy: recorder.slotsBusy,
    page: async () => prometheusPage([...(fleet ? await waiting() : []), ...recorder.read()]),
    flush: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
