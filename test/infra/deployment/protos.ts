import assert from 'node:assert/strict';
import { test } from 'node:test';
import { protos as dashboards } from '@google-cloud/monitoring-dashboards';
import { protos as monitoring } from '@google-cloud/monitoring';
import * as gcp from '@pulumi/gcp';
import { figures } from '../../../shared/metrics/figures.ts';
import { deployStack } from '../kit/stack.ts';

// Google's own definitions read what we send: a field or a value that they do not know would be dropped, and shows.
const { AlertPolicy, UptimeCheckConfig } = monitoring.google.monitoring.v3;
const { Dashboard } = dashboards.google.monitoring.dashboard.v1;

interface Message<T> {
  fromObject(object: Record<string, unknown>): T;
  verify(object: Record<string, unknown>): string | null;
  toObject(message: T, options: { enums: StringConstructor; longs: NumberConstructor }): Record<string, unknown>;
}

for (const name of ['dev', 'prod']) {
  const stack = await deployStack(name);

  test(`${name}: every alert policy is read by Google without loss`, () => {
    for (const { name, inputs } of stack.of(gcp.monitoring.AlertPolicy)) {
      const { enabled, ...policy } = inputs;
      assertNoLoss(AlertPolicy, { ...policy, enabled: { value: enabled } }, name);
    }
  });

  test(`${name}: the uptime check is read by Google without loss`, () => {
    const { logCheckFailures, ...check } = stack.one(gcp.monitoring.UptimeCheckConfig).inputs;
    // Newer than the library; the provider's own type has it.
    assert.equal(logCheckFailures, true);
    assertNoLoss(UptimeCheckConfig, check, 'uptime');
  });

  test(`${name}: the dashboard is read by Google without loss`, () => {
    const json = stack.one(gcp.monitoring.Dashboard).inputs.dashboardJson;
    assertNoLoss(Dashboard, JSON.parse(json) as Record<string, unknown>, 'dashboard');
  });
}

test('charts of our own metrics are of metrics that the service writes', async () => {
  const json = (await deployStack('prod')).one(gcp.monitoring.Dashboard).inputs.dashboardJson;
  const shown = [...json.matchAll(/custom\.googleapis\.com\/claqueta\/([a-z_/]+)/g)].map(([, name = '']) => name);
  assert.deepEqual([...new Set(shown)].sort(), Object.keys(figures).sort());
});

test('what Google does not know is noticed', () => {
  const wrong = (change: object) => () => assertNoLoss(AlertPolicy, { displayName: 'a', ...change }, 'wrong');
  assert.doesNotThrow(wrong({}));
  assert.throws(wrong({ severity: 'SEVERE' }));
  assert.throws(wrong({ colour: 'red' }));
});

function assertNoLoss<T>(type: Message<T>, sent: object, name: string): void {
  const object = durations(sent) as Record<string, unknown>;
  assert.deepEqual(type.toObject(type.fromObject(object), { enums: String, longs: Number }), object, name);
}

/** JSON writes durations as `60s`, the library as a message. */
function durations(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => durations(each));
  if (typeof value === 'string' && /^(duration|alignmentPeriod|autoClose|period|timeout)$/.test(key)) {
    return { seconds: Number.parseInt(value) };
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => (each === undefined ? [] : [[name, durations(each, name)]])),
  );
}
