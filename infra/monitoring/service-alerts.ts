import * as pulumi from '@pulumi/pulumi';
import { above, type Alert } from './alert.ts';
import {
  balancerFilter,
  databaseFilter,
  errorLogFilter,
  serverErrorFilter,
  subscriptionFilter,
  uptimeFilter,
} from './filters.ts';
import { percentOfConnections, percentOfDisk } from './thresholds.ts';
import type { Watched } from './watched.ts';

const OLDEST_SECONDS = 1800;
const ERROR_PERCENT = 1;
const SLOW_MS = 1000;
const FULL_PERCENT = 80;

/** Alerts on the queue: nothing may die in it, and nothing may grow old in it. */
export function queueAlerts({ subscription, deadSubscription }: Watched): Alert[] {
  return [
    {
      key: 'dead-letters',
      name: 'Queue: dead letters',
      severity: 'ERROR',
      runbook: 'dead-letters',
      meaning: 'A message was delivered again and again and nobody could finish with it. Rows still hold the truth.',
      conditions: [
        above('Dead letters above 0', {
          filter: on(deadSubscription, (name) => subscriptionFilter('num_undelivered_messages', name)),
          value: 0,
          seconds: 0,
          aggregation: { alignmentPeriod: '60s', perSeriesAligner: 'ALIGN_MAX' },
        }),
      ],
    },
    {
      key: 'oldest-message',
      name: 'Queue: oldest message above 30 minutes',
      severity: 'WARNING',
      runbook: 'oldest-message',
      meaning: 'A message counts until its step is done, so this is either a long wait or a very long step.',
      conditions: [
        above(`Oldest message above ${OLDEST_SECONDS} s`, {
          filter: on(subscription, (name) => subscriptionFilter('oldest_unacked_message_age', name)),
          value: OLDEST_SECONDS,
          seconds: 300,
          aggregation: { alignmentPeriod: '60s', perSeriesAligner: 'ALIGN_MAX' },
        }),
      ],
    },
  ];
}

/** Alerts on what clients see. */
export function edgeAlerts({ urlMap, shortBackend, uptimeCheck, answersPublicly }: Watched): Alert[] {
  const backend = pulumi.all([urlMap, shortBackend]);
  return [
    {
      key: 'server-errors',
      name: `Web: more than ${ERROR_PERCENT} % of requests fail for 5 minutes`,
      severity: 'ERROR',
      runbook: 'server-errors',
      meaning: 'Answers with a status from 500 on, as a share of all answers, as the balancer counts them.',
      conditions: [
        above(`5xx above ${ERROR_PERCENT} %`, {
          filter: on(urlMap, serverErrorFilter),
          denominator: on(urlMap, (name) => balancerFilter('request_count', { urlMap: name })),
          value: ERROR_PERCENT / 100,
          seconds: 300,
          aggregation: { alignmentPeriod: '60s', perSeriesAligner: 'ALIGN_RATE', crossSeriesReducer: 'REDUCE_SUM' },
        }),
      ],
    },
    {
      key: 'latency',
      name: 'Web: 95 % of requests take longer than 1 s for 5 minutes',
      severity: 'WARNING',
      runbook: 'latency',
      meaning: 'The 95th percentile of ordinary requests. Uploads and event streams have a backend of their own.',
      conditions: [
        above(`p95 above ${SLOW_MS} ms`, {
          filter: backend.apply(([name, target]) =>
            balancerFilter('backend_latencies', { urlMap: name, backend: target }),
          ),
          value: SLOW_MS,
          seconds: 300,
          aggregation: {
            alignmentPeriod: '60s',
            perSeriesAligner: 'ALIGN_DELTA',
            crossSeriesReducer: 'REDUCE_PERCENTILE_95',
          },
        }),
      ],
    },
    {
      key: 'uptime',
      name: 'Web: not reachable from outside',
      severity: 'CRITICAL',
      runbook: 'uptime',
      meaning: 'At least two of the places that check once a minute have had no good answer for two minutes.',
      // Until domain and certificate live, the check fails as it must.
      enabled: answersPublicly,
      conditions: [
        above('Failing places above 1', {
          filter: on(uptimeCheck, uptimeFilter),
          value: 1,
          seconds: 120,
          aggregation: {
            alignmentPeriod: '120s',
            perSeriesAligner: 'ALIGN_NEXT_OLDER',
            crossSeriesReducer: 'REDUCE_COUNT_FALSE',
            groupByFields: ['resource.label.host'],
          },
        }),
      ],
    },
  ];
}

/** Alerts on what the database runs out of. */
export function databaseAlerts({ project, databaseInstance, diskLimitGb, connections }: Watched): Alert[] {
  const metric = (name: string) => on(databaseInstance, (instance) => databaseFilter(name, { project, instance }));
  const most = percentOfConnections(connections, FULL_PERCENT);
  return [
    {
      key: 'database-disk',
      name: `Database: disk above ${FULL_PERCENT} % of its limit`,
      severity: 'ERROR',
      runbook: 'database-disk',
      meaning: `The disk grows by itself, up to ${diskLimitGb} GB. When that is full, the database stops.`,
      conditions: [
        above(`More than ${FULL_PERCENT} % of ${diskLimitGb} GB`, {
          filter: metric('disk/bytes_used'),
          value: percentOfDisk(diskLimitGb, FULL_PERCENT),
          seconds: 300,
        }),
      ],
    },
    {
      key: 'database-connections',
      name: `Database: connections above ${FULL_PERCENT} %`,
      severity: 'WARNING',
      runbook: 'database-connections',
      meaning: `More than ${most} of ${connections} connections are open; the next program to start may get none.`,
      conditions: [
        above(`More than ${most} connections`, {
          filter: metric('postgresql/num_backends'),
          value: most,
          seconds: 300,
          aggregation: { alignmentPeriod: '60s', perSeriesAligner: 'ALIGN_MEAN', crossSeriesReducer: 'REDUCE_SUM' },
        }),
      ],
    },
  ];
}

/** Alerts on what workers complain of. A video that is not good is its owner's trouble, and is no error. */
export function workerAlerts({ project }: Watched): Alert[] {
  return [
    {
      key: 'worker-errors',
      name: 'Worker: errors in the log',
      severity: 'WARNING',
      runbook: 'worker-errors',
      meaning: 'A worker logged an error: something is wrong with us, not with a video.',
      // By the lines themselves: a metric on them would not be known to alerts for its first ten minutes.
      conditions: [
        { displayName: 'A line at ERROR or above', conditionMatchedLog: { filter: errorLogFilter(project, 'worker') } },
      ],
      rateSeconds: 3600,
    },
  ];
}

function on(name: pulumi.Input<string>, filter: (name: string) => string): pulumi.Output<string> {
  return pulumi.output(name).apply(filter);
}
