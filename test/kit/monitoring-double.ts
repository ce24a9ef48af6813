import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { protos } from '@google-cloud/monitoring';
import type * as gax from 'google-gax';
import type { Db } from '../../shared/db/connect.ts';
import { createLog } from '../../shared/log.ts';
import type { Metrics } from '../../shared/metrics/metrics.ts';
import { openMetrics, type MetricsParts } from '../../shared/metrics/open.ts';
import { clientGrpc } from '../../shared/metrics/monitoring-client.ts';

const { v3 } = protos.google.monitoring;
const grpc = clientGrpc();
type Series = protos.google.monitoring.v3.ITimeSeries;
type Done = gax.grpc.sendUnaryData<Uint8Array>;
type Descriptor = protos.google.api.IMetricDescriptor;

/** A point as it arrived, its times in ms. A distribution is its value as the protos have it. */
export interface ArrivedPoint {
  type: string;
  labels: Record<string, string>;
  resource: { type: string; labels: Record<string, string> };
  metricKind: string;
  valueType: string;
  start: number | undefined;
  end: number;
  value: number | protos.google.api.IDistribution;
}

export interface MonitoringDouble {
  /** For MONITORING_ENDPOINT. */
  endpoint: string;
  descriptors: Map<string, Descriptor>;
  points: ArrivedPoint[];
  /** Why points were refused, as the real service would refuse them. */
  refusals: string[];
  calls: number;
  /** Answers so many calls that it is not there. */
  beUnavailable(calls: number): void;
  /** Takes calls from now on and never answers them. */
  hang(): void;
  /** Who sends to it; closed with the test. */
  senders: Metrics[];
}

/**
 * The metric service, made of the client's own protos, on loopback. It keeps to the rules of the real one.
 *
 * To be made before the database of a test: hooks run in the order they were set, and a database cannot be closed while
 * a sender still holds a connection.
 */
export async function monitoringDouble(t: TestContext): Promise<MonitoringDouble> {
  const server = new grpc.Server();
  let unavailable = 0;
  let hanging = false;

  function unary<Request>(name: string, decode: (bytes: Buffer) => Request, answer: (request: Request) => Uint8Array) {
    const handle = ({ request }: gax.grpc.ServerUnaryCall<Request, Uint8Array>, done: Done) => {
      double.calls++;
      if (hanging) return;
      if (unavailable-- > 0) return done({ code: grpc.status.UNAVAILABLE, details: 'try again' });
      const before = double.refusals.length;
      const answered = answer(request);
      const refused = double.refusals.slice(before).join('; ');
      if (refused) done({ code: grpc.status.INVALID_ARGUMENT, details: refused });
      else done(null, answered);
    };
    const bytes = (message: Uint8Array) => Buffer.from(message);
    const method = {
      path: `/google.monitoring.v3.MetricService/${name}`,
      requestStream: false,
      responseStream: false,
      requestSerialize: bytes,
      responseDeserialize: bytes,
      requestDeserialize: decode,
      responseSerialize: bytes,
    };
    server.addService({ [name]: method }, { [name]: handle });
  }

  const double: MonitoringDouble = {
    endpoint: '',
    descriptors: new Map(),
    points: [],
    refusals: [],
    calls: 0,
    beUnavailable: (calls) => (unavailable = calls),
    hang: () => (hanging = true),
    senders: [],
  };

  unary(
    'CreateTimeSeries',
    (bytes) => v3.CreateTimeSeriesRequest.decode(bytes),
    ({ timeSeries }) => {
      if (timeSeries.length > 200) double.refusals.push(`${timeSeries.length} series in one call`);
      for (const series of timeSeries.map(plain)) take(series, double);
      return protos.google.protobuf.Empty.encode({}).finish();
    },
  );
  unary(
    'CreateMetricDescriptor',
    (bytes) => v3.CreateMetricDescriptorRequest.decode(bytes),
    ({ metricDescriptor }) => {
      const { MetricDescriptor } = protos.google.api;
      const message = MetricDescriptor.fromObject(metricDescriptor ?? {});
      const descriptor = MetricDescriptor.toObject(message, { enums: String, defaults: true }) as Descriptor;
      double.descriptors.set(descriptor.type ?? '', descriptor);
      return MetricDescriptor.encode(message).finish();
    },
  );

  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  t.after(async () => {
    await Promise.all(double.senders.map((metrics) => metrics.close()));
    server.forceShutdown();
  });
  double.endpoint = `127.0.0.1:${port}`;
  return double;
}

function take(series: Series, double: MonitoringDouble): void {
  const point = arrived(series);
  const wrong = [...wrongForItself(series, point), ...wrongAfter(point, double)];
  if (wrong.length === 0) double.points.push(point);
  else double.refusals.push(...wrong.map((reason) => `${point.type} ${JSON.stringify(point.labels)}: ${reason}`));
}

function wrongForItself(series: Series, { type, resource, metricKind, start, end, value }: ArrivedPoint): string[] {
  const wrong: string[] = [];
  if (series.points?.length !== 1) wrong.push('not exactly one point');
  if (!type.startsWith('custom.googleapis.com/')) wrong.push('not a custom metric');
  const labels = Object.keys(resource.labels).sort().join();
  if (resource.type === 'generic_task' && labels !== 'job,location,namespace,project_id,task_id') wrong.push(labels);
  if (end > Date.now() + 5 * 60_000) wrong.push('too far in the future');
  if (metricKind === 'CUMULATIVE' && !(start !== undefined && start < end)) wrong.push('no time between start and end');
  if (metricKind === 'GAUGE' && start !== undefined && start !== end) wrong.push('a gauge over a length of time');
  if (typeof value !== 'number') {
    const counts = (value.bucketCounts ?? []).map(Number);
    if (counts.length > (value.bucketOptions?.explicitBuckets?.bounds ?? []).length + 1) wrong.push('too many buckets');
    if (counts.reduce((sum, count) => sum + count, 0) !== Number(value.count)) wrong.push('buckets and count differ');
  }
  return wrong;
}

/** What the descriptor and the point before have to say about it. */
function wrongAfter(point: ArrivedPoint, { descriptors, points }: MonitoringDouble): string[] {
  const wrong: string[] = [];
  const descriptor = descriptors.get(point.type);
  if (descriptor && `${descriptor.metricKind}` !== point.metricKind) wrong.push(`is ${descriptor.metricKind}`);
  if (descriptor && `${descriptor.valueType}` !== point.valueType) wrong.push(`is of ${descriptor.valueType}`);
  const before = points.findLast((other) => seriesOf(other) === seriesOf(point));
  if (before && before.end >= point.end) wrong.push('not later than the point before');
  if (before && point.start !== undefined && before.start !== point.start && point.start < before.end) {
    wrong.push('starts anew before the end of the point before');
  }
  return wrong;
}

/** Of which series a point is. */
export function seriesOf({ type, labels, resource }: ArrivedPoint): string {
  const pairs = Object.entries({ ...labels, ...resource.labels }).sort(([one], [other]) => (one < other ? -1 : 1));
  return `${type} ${JSON.stringify(pairs)}`;
}

function plain(series: Series): Series {
  const options = { longs: Number, enums: String, defaults: false };
  return v3.TimeSeries.toObject(v3.TimeSeries.fromObject(series), options);
}

function arrived({ metric, resource, metricKind, valueType, points }: Series): ArrivedPoint {
  const [point] = points ?? [];
  const { int64Value, doubleValue, distributionValue } = point?.value ?? {};
  return {
    type: metric?.type ?? '',
    labels: metric?.labels ?? {},
    resource: { type: resource?.type ?? '', labels: resource?.labels ?? {} },
    metricKind: String(metricKind),
    valueType: String(valueType),
    start: milliseconds(point?.interval?.startTime),
    end: milliseconds(point?.interval?.endTime) ?? NaN,
    value: distributionValue ?? Number(int64Value ?? doubleValue),
  };
}

function milliseconds(time: protos.google.protobuf.ITimestamp | null | undefined): number | undefined {
  return time ? Number(time.seconds ?? 0) * 1000 + (time.nanos ?? 0) / 1e6 : undefined;
}

/** The figures of a process that sends them to the double, closed with it. Rounds are made by hand by default. */
export async function sendingTo(
  double: MonitoringDouble,
  db: Db,
  { everyMs = 3_600_000, ...parts }: Partial<MetricsParts> & { everyMs?: number } = {},
): Promise<Metrics> {
  const metrics = await openMetrics(
    { METRICS: 'cloud-monitoring', MONITORING_ENDPOINT: double.endpoint, GOOGLE_CLOUD_PROJECT: 'a-project' },
    { db, log: createLog('silent', 'test'), job: 'worker', name: 'worker-1', ...parts },
    everyMs,
  );
  double.senders.push(metrics);
  return metrics;
}

/** The newest point of a series. */
export function lastOf(double: MonitoringDouble, figure: string, labels: Record<string, string> = {}): ArrivedPoint {
  const key = JSON.stringify(labels);
  const point = double.points.findLast(({ type, labels }) => {
    return type === `custom.googleapis.com/claqueta/${figure}` && JSON.stringify(labels) === key;
  });
  assert.ok(point, `${figure} ${key} has not arrived`);
  return point;
}

/** Points of what waits for all. */
export function fleetPoints({ points }: MonitoringDouble): ArrivedPoint[] {
  return points.filter(({ resource }) => resource.labels.task_id === 'fleet');
}
