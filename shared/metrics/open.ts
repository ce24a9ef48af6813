import type { Db } from '../db/connect.ts';
import type { Settings } from '../env.ts';
import type { Log } from '../log.ts';
import type { Metrics } from './metrics.ts';
import { pageMetrics } from './page.ts';

export interface MetricsParts {
  db: Db;
  log: Log;
  job: 'web' | 'worker' | 'local';
  /** Tells this process from all others, also from the one before it on the same machine. */
  name: string;
}

/**
 * The figures of this process, told as the settings say.
 *
 * @param everyMs how often they are sent, where they are sent; once a minute when not given
 */
export async function openMetrics(
  settings: Pick<Settings, 'METRICS' | 'MONITORING_ENDPOINT' | 'GOOGLE_CLOUD_PROJECT'>,
  { db, log, job, name }: MetricsParts,
  everyMs?: number,
): Promise<Metrics> {
  switch (settings.METRICS) {
    case 'prometheus':
      return pageMetrics(db, log, job !== 'worker');
    case 'cloud-monitoring': {
      const project = settings.GOOGLE_CLOUD_PROJECT;
      if (!project) throw new Error('GOOGLE_CLOUD_PROJECT: must be set with METRICS=cloud-monitoring');
      // Loaded only here: the client takes tens of megabytes that one machine has no use for.
      const { cloudMonitoring, EVERY_MS } = await import('./cloud-monitoring.ts');
      const { monitoringClient } = await import('./monitoring-client.ts');
      const client = monitoringClient(project, settings.MONITORING_ENDPOINT);
      return cloudMonitoring({ client, subject: { project, job, task: name }, db, log, everyMs: everyMs ?? EVERY_MS });
    }
  }
}
