import { setTimeout as wait } from 'node:timers/promises';
import type { MetricServiceClient } from '@google-cloud/monitoring';
import type { Db } from '../db/connect.ts';
import type { Log } from '../log.ts';
import { deliverInOrder } from './deliver.ts';
import { readFleet } from './fleet.ts';
import type { Sample } from './figures.ts';
import type { Metrics } from './metrics.ts';
import { recordFigures } from './record.ts';
import { soleWriter } from './sole-writer.ts';
import { descriptors, fleetOf, nextEnd, timeSeries, type Subject } from './time-series.ts';

export const EVERY_MS = 60_000;
/** Most series that one call may carry. */
const MOST_SERIES = 200;
const CALL_WITHIN_MS = 10_000;
const CLOSE_WITHIN_MS = 2_000;

interface Sending {
  client: MetricServiceClient;
  subject: Subject;
  db: Db;
  log: Log;
  everyMs: number;
}

/** Figures sent to Cloud Monitoring, now and then, by every process its own and by one of them those of the fleet. */
export function cloudMonitoring({ client, subject, db, log, everyMs }: Sending): Metrics {
  const name = client.projectPath(subject.project);
  const recorder = recordFigures();
  const writer = soleWriter(db);
  const delivery = deliverInOrder(log);
  const start = Date.now();
  let last: number | undefined;
  let round: Promise<void> | undefined;

  // First in line, so that no series comes to be without unit and description. Making one that is there changes nothing.
  delivery.push({
    name: 'descriptors',
    send: () =>
      Promise.all(
        descriptors().map((metricDescriptor) =>
          client.createMetricDescriptor({ name, metricDescriptor }, { timeout: CALL_WITHIN_MS }),
        ),
      ),
  });

  // A process that has nothing else to do shall not stay for its figures.
  const timer = setInterval(() => void tell(), everyMs).unref();

  /** One round at a time; a round that is slow takes the place of the next. */
  function tell(): Promise<void> {
    round ??= readWaiting()
      .then(send)
      .finally(() => (round = undefined));
    return round;
  }

  async function readWaiting(): Promise<Sample[]> {
    try {
      return (await writer.read((connection) => readFleet(db, connection))) ?? [];
    } catch (error) {
      log.warn({ err: error }, 'could not read what waits for the fleet');
      return [];
    }
  }

  function send(fleet: Sample[]): void {
    const end = (last = nextEnd(Date.now(), start, last, everyMs));
    const series = [
      ...timeSeries(recorder.read(), subject, { start, end }),
      ...timeSeries(fleet, fleetOf(subject), { start, end }),
    ];
    for (let from = 0; from < series.length; from += MOST_SERIES) {
      const some = series.slice(from, from + MOST_SERIES);
      delivery.push({
        name: `${some.length} series`,
        send: () => client.createTimeSeries({ name, timeSeries: some }, { timeout: CALL_WITHIN_MS }),
      });
    }
  }

  return {
    stepFinished: recorder.stepFinished,
    slotsBusy: recorder.slotsBusy,
    page: null,
    async flush() {
      await round;
      await tell();
      await delivery.settled();
    },
    async close() {
      clearInterval(timer);
      const end = new AbortController();
      const limit = wait(CLOSE_WITHIN_MS, undefined, { signal: end.signal }).catch(() => {});
      // Not the fleet's figures: from now on they are another's.
      const letGo = writer.letGo();
      send([]);
      await Promise.race([Promise.allSettled([letGo, delivery.settled()]), limit]);
      delivery.stop();
      await Promise.race([client.close().catch(() => {}), limit]);
      end.abort();
    },
  };
}
