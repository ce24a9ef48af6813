import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as gcp from '@pulumi/gcp';
import { fullCapacity, percentOfFull } from '../../../infra/monitoring/thresholds.ts';
import { during, firesAbove, firesAbsent, pointsOf, type Minute } from '../kit/simulate.ts';
import { deployStack } from '../kit/stack.ts';

const stack = await deployStack('prod');
const policies = Object.fromEntries(stack.of(gcp.monitoring.AlertPolicy).map(({ name, inputs }) => [name, inputs]));

const cpu = { maximum: 3, signal: { kind: 'cpu', percent: 60, predictive: false } } as const;
const messages = { maximum: 10, signal: { kind: 'messages', subscription: 's', perInstance: 10 } } as const;

test('100 % is the largest size of a group, each instance at its target', () => {
  assert.equal(fullCapacity(cpu), 1.8);
  assert.equal(fullCapacity(messages), 100);
});

test('with a target of 0.6 and three instances, the 75 % policy fires at 1.35 and the 90 % policy at 1.62', () => {
  assert.equal(percentOfFull(cpu, 75), 1.35);
  assert.equal(percentOfFull(cpu, 90), 1.62);
  assert.equal(condition('web-utilization-75').thresholdValue, 1.35);
  assert.equal(condition('web-utilization-90').thresholdValue, 1.62);
  assert.equal(condition('web-capacity-75').thresholdValue, 1.35);
  assert.equal(condition('worker-utilization-75').thresholdValue, 75);
});

test('thresholds follow the configuration', async () => {
  const larger = await deployStack('prod', { webMaximum: 8, webCpuPercent: 50 });
  const [first] = larger.one(gcp.monitoring.AlertPolicy, 'web-utilization-75').inputs.conditions;
  assert.equal(first?.conditionThreshold.thresholdValue, 3);
});

test('policies are there by name, with their severities, for both groups', () => {
  const named = (title: string) => [
    [`${title}: autoscaler utilization above 75 % for 5 minutes`, 'WARNING'],
    [`${title}: autoscaler utilization above 90 % for 30 minutes`, 'CRITICAL'],
    [`${title}: serving capacity above 75 % for 5 minutes`, 'WARNING'],
    [`${title}: serving capacity absent for 1 hour`, 'ERROR'],
    [`${title}: group size above 4 within 1 hour`, 'WARNING'],
  ];
  assert.deepEqual(
    Object.values(policies)
      .map(({ displayName, severity }) => [displayName, severity])
      .sort(),
    [
      ...named('Web'),
      ...named('Worker'),
      ['Queue: dead letters', 'ERROR'],
      ['Queue: oldest message above 30 minutes', 'WARNING'],
      ['Web: more than 1 % of requests fail for 5 minutes', 'ERROR'],
      ['Web: 95 % of requests take longer than 1 s for 5 minutes', 'WARNING'],
      ['Web: not reachable from outside', 'CRITICAL'],
      ['Database: disk above 80 % of its limit', 'ERROR'],
      ['Database: connections above 80 %', 'WARNING'],
      ['Worker: errors in the log', 'WARNING'],
      ['Web: error budget burns 14.4 times too fast for 1 h', 'CRITICAL'],
      ['Web: error budget burns 6 times too fast for 6 h', 'WARNING'],
    ].sort(),
  );
});

for (const group of ['web', 'worker']) {
  test(`${group}: the five policies look at the metrics that they are named after`, () => {
    const autoscaler = (metric: string) =>
      `resource.type = "autoscaler" AND resource.labels.autoscaler_name = "${group}" AND metric.type = "autoscaler.googleapis.com/${metric}"`;
    assert.equal(condition(`${group}-utilization-75`).filter, autoscaler('current_utilization'));
    assert.equal(condition(`${group}-utilization-75`).duration, '300s');
    assert.equal(condition(`${group}-utilization-90`).filter, autoscaler('current_utilization'));
    assert.equal(condition(`${group}-utilization-90`).duration, '1800s');
    assert.equal(condition(`${group}-capacity-75`).filter, autoscaler('capacity'));
    assert.equal(condition(`${group}-capacity-75`).duration, '300s');

    const absent = policies[`${group}-capacity-absent`]?.conditions[0]?.conditionAbsent;
    assert.equal(absent?.filter, autoscaler('capacity'));
    assert.equal(absent?.duration, '3600s');

    const size = condition(`${group}-size`);
    assert.equal(
      size.filter,
      `resource.type = "instance_group" AND resource.labels.instance_group_name = "${group}" AND metric.type = "compute.googleapis.com/instance_group/size"`,
    );
    assert.deepEqual(size.aggregations, [{ alignmentPeriod: '3600s', perSeriesAligner: 'ALIGN_MAX' }]);
    assert.deepEqual([size.comparison, size.thresholdValue, size.duration], ['COMPARISON_GT', 4, '0s']);
  });
}

test('a group that may be empty is absent only while messages wait', () => {
  assert.equal(policies['web-capacity-absent']?.combiner, 'OR');
  assert.equal(policies['worker-capacity-absent']?.combiner, 'AND');
  assert.match(
    policies['worker-capacity-absent']?.conditions[1]?.conditionThreshold.filter ?? '',
    /num_undelivered_messages/,
  );
});

test('every policy reaches every operator', () => {
  for (const [name, policy] of Object.entries(policies)) {
    assert.deepEqual(policy.notificationChannels, ['operators@example.com_id', 'oncall@example.com_id'], name);
  }
});

test('the uptime alert waits until the domain lives; a trial without one is watched at once', async () => {
  const enabled = async (name: string, changes = {}) =>
    (await deployStack(name, changes)).one(gcp.monitoring.AlertPolicy, 'uptime').inputs.enabled;
  assert.equal(policies['uptime']?.enabled, false);
  assert.equal(await enabled('prod', { domainLive: true }), true);
  assert.equal(await enabled('dev'), true);
});

/** What fires for a web group of at most three at 60 %. */
const simulated: { name: string; minutes: Minute[]; fires: string[] }[] = [
  { name: 'healthy: two instances, half used', minutes: during(120, [0.3, 0.32]), fires: [] },
  {
    name: 'healthy: two instances at 38 %, where a raw 0.75 would fire',
    minutes: during(120, [0.38, 0.38]),
    fires: [],
  },
  {
    name: 'a peak of four minutes',
    minutes: [...during(30, [0.4]), ...during(4, [0.9, 0.9, 0.9]), ...during(30, [0.4])],
    fires: [],
  },
  {
    name: 'grown to three and quiet again',
    minutes: [...during(30, [0.4]), ...during(10, [0.2, 0.2, 0.2])],
    fires: ['web-capacity-75'],
  },
  {
    name: 'busy: three instances at half their CPU, for an hour',
    minutes: during(60, [0.5, 0.5, 0.5]),
    fires: ['web-utilization-75', 'web-capacity-75'],
  },
  {
    name: 'saturated: three instances at their limit, for an hour',
    minutes: during(60, [0.95, 0.97, 0.93]),
    fires: ['web-utilization-75', 'web-utilization-90', 'web-capacity-75'],
  },
  {
    name: 'saturated for 20 minutes only',
    minutes: [...during(20, [0.95, 0.97, 0.93]), ...during(40, [0.2])],
    fires: ['web-utilization-75', 'web-capacity-75'],
  },
  {
    name: 'five instances for ten minutes, hardly used',
    minutes: [...during(30, [0.2]), ...during(10, [0.1, 0.1, 0.1, 0.1, 0.1])],
    fires: ['web-capacity-75', 'web-size'],
  },
  { name: 'gone for an hour', minutes: [...during(5, [0.3]), ...during(61, [])], fires: ['web-capacity-absent'] },
  { name: 'gone for half an hour', minutes: [...during(5, [0.3]), ...during(30, [])], fires: [] },
  { name: 'never there', minutes: during(120, []), fires: [] },
];

for (const { name, minutes, fires } of simulated) {
  test(`${name}: ${fires.length ? fires.join(', ') : 'silence'}`, () => {
    const { capacity, utilization, size } = pointsOf(minutes, 0.6);
    const above = (key: string, points: (number | undefined)[]) => {
      const { thresholdValue, duration } = condition(key);
      return firesAbove(points, thresholdValue, Number.parseInt(duration));
    };
    const fired = {
      'web-utilization-75': above('web-utilization-75', utilization),
      'web-utilization-90': above('web-utilization-90', utilization),
      'web-capacity-75': above('web-capacity-75', capacity),
      'web-capacity-absent': firesAbsent(capacity, 3600),
      'web-size': above('web-size', size),
    };
    assert.deepEqual(
      Object.entries(fired).flatMap(([key, does]) => (does ? [key] : [])),
      fires,
    );
  });
}

function condition(key: string) {
  const threshold = policies[key]?.conditions[0]?.conditionThreshold;
  assert.ok(threshold, key);
  return threshold;
}
