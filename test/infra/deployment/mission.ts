import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import * as gcp from '@pulumi/gcp';
import { connectionLimit, connectionsNeeded, poolSizes } from '../../../infra/database/flags.ts';
import { deployStack } from '../kit/stack.ts';

// What the five systems asked of a deployment, row by row. Alerts are in alerts.ts, rights in grants.ts,
// the edge in edge.ts.
const dev = await deployStack('dev');
const prod = await deployStack('prod');
const stacks = [dev, prod];
const { compute, monitoring, pubsub } = gcp;

test('A: the dashboard has the three named charts, and what an operator wants beside them', () => {
  const { mosaicLayout } = JSON.parse(prod.one(monitoring.Dashboard).inputs.dashboardJson) as {
    mosaicLayout: {
      columns: number;
      tiles: { xPos: number; yPos: number; width: number; height: number; widget: { title?: string } }[];
    };
  };
  const titles = mosaicLayout.tiles.map(({ widget }) => widget.title);
  for (const title of ['Serving capacity', 'Current utilization', 'Group size'])
    assert.ok(titles.includes(title), title);
  assert.ok(titles.length > 20);
  const taken = new Set<string>();
  for (const { xPos, yPos, width, height } of mosaicLayout.tiles) {
    assert.ok(xPos + width <= mosaicLayout.columns);
    for (let x = xPos; x < xPos + width; x++) {
      for (let y = yPos; y < yPos + height; y++) {
        assert.ok(!taken.has(`${x},${y}`), 'two charts lie over each other');
        taken.add(`${x},${y}`);
      }
    }
  }
});

test('A: uptime check over HTTP, URL resource, every minute, 10 s, failures logged, 2XX accepted', () => {
  for (const stack of stacks) {
    const { inputs } = stack.one(monitoring.UptimeCheckConfig);
    assert.deepEqual(
      [inputs.period, inputs.timeout, inputs.logCheckFailures, inputs.monitoredResource.type],
      ['60s', '10s', true, 'uptime_url'],
    );
    assert.deepEqual(inputs.httpCheck.acceptedResponseStatusCodes, [{ statusClass: 'STATUS_CLASS_2XX' }]);
  }
  assert.equal(prod.one(monitoring.UptimeCheckConfig).inputs.monitoredResource.labels['host'], 'claqueta.example.com');
  assert.equal(prod.one(monitoring.UptimeCheckConfig).inputs.httpCheck.useSsl, true);
  assert.equal(dev.one(monitoring.UptimeCheckConfig).inputs.monitoredResource.labels['host'], '203.0.113.7');
  assert.equal(dev.one(monitoring.UptimeCheckConfig).inputs.httpCheck.port, 80);
});

test('B: public and private subnets; workers in the private one, which alone has NAT', () => {
  for (const stack of stacks) {
    const subnetOf = (name: string) =>
      stack.one(compute.InstanceTemplate, name).inputs.networkInterfaces[0]?.subnetwork;
    assert.equal(subnetOf('web'), 'front_id');
    assert.equal(subnetOf('worker'), 'back_id');
    assert.deepEqual(
      stack.one(compute.RouterNat).inputs.subnetworks.map(({ name }) => name),
      ['back_id'],
    );
  }
});

test('B: nothing from outside reaches workers but the health check, and SSH through IAP', () => {
  const toWorkers = prod
    .of(compute.Firewall)
    .filter(({ inputs }) => inputs.direction === 'INGRESS' && inputs.allows)
    .filter(({ inputs }) => inputs.targetServiceAccounts.some((account) => account.startsWith('claqueta-worker@')))
    .map(({ inputs }) => [inputs.sourceRanges, inputs.allows[0]?.ports]);
  assert.deepEqual(toWorkers, [
    [['35.191.0.0/16', '130.211.0.0/22'], ['8081']],
    [['35.235.240.0/20'], ['22']],
  ]);
});

test('B, D: web instances in two zones at least, at 60 % CPU, one to three of them', () => {
  for (const stack of stacks) {
    const { distributionPolicyZones } = stack.one(compute.RegionInstanceGroupManager, 'web').inputs;
    assert.ok(new Set(distributionPolicyZones).size >= 2);
    const { autoscalingPolicy } = stack.one(compute.RegionAutoscaler, 'web').inputs;
    assert.equal(autoscalingPolicy.cpuUtilization.target, 0.6);
    assert.ok(autoscalingPolicy.minReplicas >= 1);
    assert.ok(autoscalingPolicy.maxReplicas <= 3);
  }
  assert.equal(
    prod.one(compute.RegionAutoscaler, 'web').inputs.autoscalingPolicy.cpuUtilization.predictiveMethod,
    'OPTIMIZE_AVAILABILITY',
  );
});

test('B: workers scale on undelivered messages, ten each, in after five idle minutes, down to none', () => {
  for (const stack of stacks) {
    const { autoscalingPolicy } = stack.one(compute.RegionAutoscaler, 'worker').inputs;
    assert.deepEqual(autoscalingPolicy.metrics, [
      {
        name: 'pubsub.googleapis.com/subscription/num_undelivered_messages',
        filter: 'resource.type = "pubsub_subscription" AND resource.labels.subscription_id = "steps"',
        singleInstanceAssignment: 10,
      },
    ]);
    assert.equal(autoscalingPolicy.stabilizationPeriod, 300);
    assert.equal(autoscalingPolicy.minReplicas, 0);
    // It would only slow down what the stabilization period has already decided.
    assert.equal(autoscalingPolicy.scaleInControl, undefined);
  }
});

test('B: the database is reached by the three programs alone, on the ports of Postgres', () => {
  const reach = prod
    .of(compute.Firewall)
    .filter(({ inputs }) => inputs.destinationRanges?.includes('10.20.0.0/20'))
    .map(({ name, inputs }) => [name, inputs.allows[0]?.ports]);
  assert.deepEqual(reach.sort(), [
    ['migrate-database', ['5432', '3307']],
    ['web-database', ['5432', '3307']],
    ['worker-database', ['5432', '3307']],
  ]);
  const { address, prefixLength } = prod.one(compute.GlobalAddress, 'database').inputs;
  assert.equal(`${address}/${prefixLength}`, '10.20.0.0/20');
});

test('B: managed queue, database and storage, and access without open SSH', () => {
  for (const stack of stacks) {
    assert.equal(stack.of(pubsub.Topic).length, 2);
    assert.equal(stack.of(gcp.sql.DatabaseInstance).length, 1);
    assert.equal(stack.of(gcp.storage.Bucket).length, 1);
    for (const { inputs } of stack.of(compute.InstanceTemplate))
      assert.equal(inputs.metadata['enable-oslogin'], 'TRUE');
  }
});

test('C: dead letters have a topic and a subscription of their own, and Pub/Sub may move them', () => {
  for (const stack of stacks) {
    const { deadLetterPolicy, ackDeadlineSeconds } = stack.one(pubsub.Subscription, 'steps').inputs;
    assert.equal(deadLetterPolicy.deadLetterTopic, 'dead_id');
    assert.ok(deadLetterPolicy.maxDeliveryAttempts >= 5 && deadLetterPolicy.maxDeliveryAttempts <= 100);
    assert.ok(ackDeadlineSeconds >= 10 && ackDeadlineSeconds <= 600);
    assert.equal(stack.one(pubsub.Subscription, 'dead').inputs.topic, 'dead_id');
  }
});

test('C: workers can be paused by a setting, and are let go', async () => {
  const paused = await deployStack('prod', { workersPaused: true });
  assert.equal(paused.one(compute.RegionInstanceGroupManager, 'worker').inputs.targetSize, 0);
  assert.equal(paused.one(compute.RegionAutoscaler, 'worker').inputs.autoscalingPolicy.mode, 'OFF');
  assert.equal(prod.one(compute.RegionInstanceGroupManager, 'worker').inputs.targetSize, undefined);
  assert.equal(prod.one(compute.RegionAutoscaler, 'worker').inputs.autoscalingPolicy.mode, 'ON');
});

test('C: an instance finishes what it has begun before it goes', () => {
  for (const { inputs } of prod.of(compute.BackendService)) assert.equal(inputs.connectionDrainingTimeoutSec, 60);
});

test('C: a budget tells at half, four fifths and all of it, and when it is going to be exceeded', () => {
  for (const stack of stacks) {
    const { inputs } = stack.one(gcp.billing.Budget);
    assert.deepEqual(
      inputs.thresholdRules.map(({ thresholdPercent, spendBasis }) => `${thresholdPercent} ${spendBasis}`),
      ['0.5 CURRENT_SPEND', '0.8 CURRENT_SPEND', '1 CURRENT_SPEND', '1 FORECASTED_SPEND'],
    );
    assert.ok(inputs.allUpdatesRule.monitoringNotificationChannels.length > 0);
  }
});

test('D: the database fails over by itself in production, and is one cheap instance in a trial', () => {
  assert.equal(prod.one(gcp.sql.DatabaseInstance).inputs.settings.availabilityType, 'REGIONAL');
  assert.equal(dev.one(gcp.sql.DatabaseInstance).inputs.settings.availabilityType, 'ZONAL');
});

test('D: every program of the largest fleet in mid-update gets its connections', () => {
  const fleet = { zones: ['a', 'b', 'c'], web: { maximum: 3 }, worker: { maximum: 10 } };
  assert.equal(connectionsNeeded(fleet), 66 + 26 + 1);
  assert.equal(connectionLimit(fleet), 150);
});

/** Beside its pool, web listens for changes on a connection of its own. */
const besidesPool = { web: 1, worker: 0 };

test('D: the connections that are counted on are those that the programs open', () => {
  for (const program of ['web', 'worker'] as const) {
    const main = readFileSync(path.join(import.meta.dirname, `../../../${program}/main.ts`), 'utf8');
    assert.equal(Number(/connections: (\d+)/.exec(main)?.[1]) + besidesPool[program], poolSizes[program]);
  }
});

test('D: workers on Spot machines, of whatever type is to be had', () => {
  const { instanceFlexibilityPolicy, ...group } = prod.one(compute.RegionInstanceGroupManager, 'worker').inputs;
  assert.deepEqual(
    instanceFlexibilityPolicy.instanceSelections.map(({ rank, machineTypes }) => [rank, ...machineTypes]),
    [
      [1, 'n2d-standard-4'],
      [2, 'n2-standard-4'],
      [3, 'e2-standard-4'],
    ],
  );
  assert.equal(group.distributionPolicyTargetShape, 'ANY');
  assert.equal(group.updatePolicy.instanceRedistributionType, 'NONE');
  assert.equal(prod.one(compute.InstanceTemplate, 'worker').inputs.scheduling.provisioningModel, 'SPOT');

  // Spread evenly, an autoscaled group must be redistributed.
  const web = prod.one(compute.RegionInstanceGroupManager, 'web').inputs;
  assert.deepEqual(
    [web.distributionPolicyTargetShape, web.updatePolicy.instanceRedistributionType],
    ['EVEN', 'PROACTIVE'],
  );
});

test('E: backups are taken every night and kept for two weeks', () => {
  for (const stack of stacks) {
    const { backupConfiguration } = stack.one(gcp.sql.DatabaseInstance).inputs.settings;
    assert.equal(backupConfiguration.enabled, true);
    assert.equal(backupConfiguration.backupRetentionSettings.retainedBackups, 14);
  }
});
