import type { protos } from '@google-cloud/monitoring';
import type { Distribution } from './distribution.ts';
import { figureNames, figureOf, type Figure, type Sample } from './figures.ts';

type ITimeSeries = protos.google.monitoring.v3.ITimeSeries;
type ITypedValue = protos.google.monitoring.v3.ITypedValue;
type IMetricDescriptor = protos.google.api.IMetricDescriptor;

/** Figures as Cloud Monitoring wants them. Pure. */
const PREFIX = 'custom.googleapis.com/claqueta/';

/** Points of one series must end at least this far apart. */
const LEAST_SPACING_MS = 5_000;

const kinds = { gauge: 'GAUGE', cumulative: 'CUMULATIVE', distribution: 'CUMULATIVE' } as const;

/** Whom the figures are of: one process, or the fleet. */
export interface Subject {
  project: string;
  job: string;
  task: string;
}

/**
 * What waits for all has a subject that is the same whoever writes it, so that it stays one series when another process
 * takes over.
 */
export function fleetOf({ project }: Subject): Subject {
  return { project, job: 'fleet', task: 'fleet' };
}

/** When the points of a process are: times in ms since 1970. */
export interface Interval {
  /** The counts began at zero then: the same for every point of a process, or a count seems to start anew. */
  start: number;
  end: number;
}

/**
 * The end of the next points: now, but always late enough after the last ones, also when the clock was put back and for
 * the last words of a process that has just written. Then it lies a little ahead, which is allowed.
 *
 * @param last end of the points before, or undefined for the first
 */
export function nextEnd(now: number, start: number, last: number | undefined, everyMs: number): number {
  return Math.max(now, last === undefined ? start + 1 : last + Math.min(LEAST_SPACING_MS, everyMs));
}

/** One point each; a count that never counted anything is no series yet. */
export function timeSeries(samples: Sample[], subject: Subject, interval: Interval): ITimeSeries[] {
  return samples.filter(hasBegun).map(({ figure, labels, value }) => {
    const { kind } = figureOf(figure);
    return {
      metric: { type: `${PREFIX}${figure}`, labels },
      resource: {
        type: 'generic_task',
        labels: {
          project_id: subject.project,
          location: 'global',
          namespace: 'claqueta',
          job: subject.job,
          task_id: subject.task,
        },
      },
      metricKind: kinds[kind],
      valueType: valueType(figureOf(figure)),
      points: [
        {
          interval: {
            ...(kind === 'gauge' ? {} : { startTime: timestamp(interval.start) }),
            endTime: timestamp(interval.end),
          },
          value: typed(value, figureOf(figure)),
        },
      ],
    };
  });
}

/** What the figures are, told once, so that they have units and descriptions where they are shown. */
export function descriptors(): IMetricDescriptor[] {
  return figureNames.map((name) => {
    const figure = figureOf(name);
    return {
      type: `${PREFIX}${name}`,
      metricKind: kinds[figure.kind],
      valueType: valueType(figure),
      unit: figure.unit,
      displayName: `Claqueta ${name.replaceAll(/[/_]/g, ' ')}`,
      description: figure.description,
      labels: figure.labels.map((key) => ({ key, valueType: 'STRING' as const })),
    };
  });
}

function hasBegun({ figure, value }: Sample): boolean {
  return figureOf(figure).kind === 'gauge' || (typeof value === 'number' ? value : value.count) > 0;
}

function valueType({ kind, whole }: Figure): 'DISTRIBUTION' | 'INT64' | 'DOUBLE' {
  if (kind === 'distribution') return 'DISTRIBUTION';
  return whole ? 'INT64' : 'DOUBLE';
}

function typed(value: number | Distribution, { whole }: Figure): ITypedValue {
  if (typeof value !== 'number') return { distributionValue: distributionValue(value) };
  return whole ? { int64Value: Math.round(value) } : { doubleValue: value };
}

function distributionValue({ bounds, counts, count, mean, squares }: Distribution) {
  return {
    count,
    mean,
    sumOfSquaredDeviation: squares,
    bucketOptions: { explicitBuckets: { bounds: [...bounds] } },
    bucketCounts: counts,
  };
}

function timestamp(ms: number): { seconds: number; nanos: number } {
  const seconds = Math.floor(ms / 1000);
  return { seconds, nanos: Math.round((ms - seconds * 1000) * 1e6) };
}
