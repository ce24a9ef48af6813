import type { FigureName } from '../../shared/metrics/figures.ts';
import { chart, heading, logPanel, mosaic, type Line } from './chart.ts';
import {
  autoscalerFilter,
  balancerFilter,
  databaseFilter,
  errorLogFilter,
  groupSizeFilter,
  ownFilter,
  subscriptionFilter,
} from './filters.ts';

/** Names, now that everything exists, and the thresholds that charts show. */
export interface Shown {
  project: string;
  groups: { title: string; autoscaler: string; group: string; warning: number }[];
  subscription: string;
  deadSubscription: string;
  urlMap: string;
  backend: string;
  databaseInstance: string;
  sizeAbove: number;
  connections: number;
}

/** What an operator looks at first, as the Dashboards API takes it. Pure. */
export function dashboard(shown: Shown) {
  return {
    displayName: 'Claqueta',
    mosaicLayout: mosaic([
      [heading('Groups')],
      groups(shown),
      [heading('Work')],
      queue(shown),
      work(),
      clips(),
      [heading('Web')],
      web(shown),
      [heading('Database')],
      database(shown),
      [heading('Errors')],
      ['web', 'worker'].map((program) =>
        logPanel(`Errors: ${program}`, errorLogFilter(shown.project, program), shown.project),
      ),
    ]),
  };
}

/** The three charts that were asked for by name. */
function groups({ groups, sizeAbove }: Shown) {
  const each = (filter: (group: Shown['groups'][number]) => string): Line[] =>
    groups.map((group) => ({ filter: filter(group), legend: group.title }));
  const warning = groups.length === 1 ? groups[0]?.warning : undefined;
  return [
    chart({
      title: 'Serving capacity',
      lines: each(({ autoscaler }) => autoscalerFilter('capacity', autoscaler)),
      threshold: warning,
    }),
    chart({
      title: 'Current utilization',
      lines: each(({ autoscaler }) => autoscalerFilter('current_utilization', autoscaler)),
      threshold: warning,
    }),
    chart({
      title: 'Group size',
      label: 'instances',
      lines: each(({ group }) => groupSizeFilter(group)),
      threshold: sizeAbove,
    }),
  ];
}

function queue({ subscription, deadSubscription }: Shown) {
  return [
    chart({
      title: 'Undelivered messages',
      lines: [
        { filter: subscriptionFilter('num_undelivered_messages', subscription), legend: 'steps' },
        { filter: subscriptionFilter('num_undelivered_messages', deadSubscription), legend: 'dead' },
      ],
    }),
    chart({
      title: 'Oldest message',
      label: 'seconds',
      lines: [{ filter: subscriptionFilter('oldest_unacked_message_age', subscription), aligner: 'ALIGN_MAX' }],
      threshold: 1800,
    }),
    chart({
      title: 'Oldest waiting step',
      label: 'seconds',
      lines: [{ filter: ownFilter('steps/oldest_waiting_seconds'), aligner: 'ALIGN_MAX', reducer: 'REDUCE_MAX' }],
    }),
  ];
}

function work() {
  const kind = 'metric.label.kind';
  return [
    chart({
      title: 'Waiting steps',
      lines: [
        {
          filter: ownFilter('steps/waiting'),
          legend: '${metric.labels.kind}',
          // Every worker tells the same of the one database.
          reducer: 'REDUCE_MAX',
          groupBy: [kind],
          style: 'STACKED_AREA',
        },
      ],
    }),
    chart({
      title: 'Waiting source',
      label: 'seconds of video',
      lines: [{ filter: ownFilter('steps/source_seconds_waiting'), aligner: 'ALIGN_MAX', reducer: 'REDUCE_MAX' }],
    }),
    chart({
      title: 'Busy slots',
      lines: [
        { filter: ownFilter('slots/busy'), legend: 'busy', reducer: 'REDUCE_SUM' },
        { filter: ownFilter('slots/total'), legend: 'all', reducer: 'REDUCE_SUM' },
      ],
    }),
  ];
}

function clips() {
  const percentiles = (metric: FigureName): Line[] =>
    (['REDUCE_PERCENTILE_50', 'REDUCE_PERCENTILE_95'] as const).map((reducer) => ({
      filter: ownFilter(metric),
      legend: reducer === 'REDUCE_PERCENTILE_50' ? 'median' : '95 %',
      aligner: 'ALIGN_DELTA',
      reducer,
    }));
  return [
    chart({ title: 'Speed of clips', label: 'times real time', lines: percentiles('clips/speed') }),
    chart({ title: 'Duration of steps', label: 'seconds', lines: percentiles('steps/duration_seconds') }),
    chart({
      title: 'Finished steps',
      label: 'a second',
      lines: [
        {
          filter: ownFilter('steps/finished'),
          legend: '${metric.labels.outcome}',
          aligner: 'ALIGN_RATE',
          reducer: 'REDUCE_SUM',
          groupBy: ['metric.label.outcome'],
          style: 'STACKED_AREA',
        },
      ],
    }),
  ];
}

function web({ urlMap, backend }: Shown) {
  return [
    chart({
      title: 'Requests by status',
      label: 'a second',
      lines: [
        {
          filter: balancerFilter('request_count', { urlMap }),
          legend: '${metric.labels.response_code_class}',
          aligner: 'ALIGN_RATE',
          reducer: 'REDUCE_SUM',
          groupBy: ['metric.label.response_code_class'],
          style: 'STACKED_AREA',
        },
      ],
    }),
    chart({
      title: 'Latency',
      label: 'ms',
      threshold: 1000,
      lines: (['REDUCE_PERCENTILE_50', 'REDUCE_PERCENTILE_95'] as const).map((reducer) => ({
        filter: balancerFilter('backend_latencies', { urlMap, backend }),
        legend: reducer === 'REDUCE_PERCENTILE_50' ? 'median' : '95 %',
        aligner: 'ALIGN_DELTA',
        reducer,
      })),
    }),
  ];
}

function database({ project, databaseInstance: instance, connections }: Shown) {
  const metric = (name: string) => databaseFilter(name, { project, instance });
  return [
    chart({ title: 'Database CPU', label: 'share', lines: [{ filter: metric('cpu/utilization') }] }),
    chart({ title: 'Database disk', label: 'bytes', lines: [{ filter: metric('disk/bytes_used') }] }),
    chart({
      title: 'Database connections',
      lines: [{ filter: metric('postgresql/num_backends'), reducer: 'REDUCE_SUM' }],
      threshold: connections,
    }),
  ];
}
