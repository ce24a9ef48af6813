import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResourceValidationArgs } from '@pulumi/policy';
import { rules } from '../../../infra/policies/rules.ts';
import { deployStack } from '../kit/stack.ts';

/** What a rule ends with that is about other resources. */
const notApplicable = new Error('not applicable');

for (const name of ['dev', 'prod']) {
  test(`${name}: nothing that must never happen happens`, async () => {
    const { all } = await deployStack(name);
    assert.deepEqual((await Promise.all(all.map((each) => violationsOf(each.type, each.inputs)))).flat(), []);
  });
}

/** For each rule, something that breaks it. */
const broken: [type: string, inputs: Record<string, unknown>, rule: string][] = [
  [
    'gcp:compute/instanceTemplate:InstanceTemplate',
    { networkInterfaces: [{ accessConfigs: [{}] }] },
    'instances-are-private',
  ],
  [
    'gcp:compute/instanceTemplate:InstanceTemplate',
    { metadata: { 'user-data': 'docker run web:latest' } },
    'images-by-digest',
  ],
  [
    'gcp:sql/databaseInstance:DatabaseInstance',
    { settings: { ipConfiguration: { ipv4Enabled: true } } },
    'database-is-private',
  ],
  ['gcp:storage/bucket:Bucket', { uniformBucketLevelAccess: true }, 'buckets-are-private'],
  [
    'gcp:compute/firewall:Firewall',
    { sourceRanges: ['0.0.0.0/0'], allows: [{ protocol: 'tcp', ports: ['80'] }] },
    'no-open-doors',
  ],
  [
    'gcp:compute/firewall:Firewall',
    { sourceRanges: ['10.0.0.0/8'], allows: [{ protocol: 'tcp', ports: ['22'] }] },
    'no-open-doors',
  ],
  ['gcp:serviceaccount/key:Key', {}, 'no-keys'],
  ['gcp:projects/iAMMember:IAMMember', { role: 'roles/editor', member: 'user:a@example.com' }, 'no-basic-roles'],
  ['gcp:compute/sSLPolicy:SSLPolicy', { minTlsVersion: 'TLS_1_0' }, 'modern-tls'],
];

for (const [type, inputs, rule] of broken) {
  test(`${rule} is noticed in a ${type.split(':').at(-1)}`, async () => {
    assert.ok((await violationsOf(type, inputs)).some((violation) => violation.startsWith(`${rule}: `)));
  });
}

test('every rule has been broken once', () => {
  assert.deepEqual(new Set(broken.map(([, , rule]) => rule)), new Set(rules.map(({ name }) => name)));
});

/** Runs the rules as the engine would, without one. */
async function violationsOf(type: string, props: Record<string, unknown>): Promise<string[]> {
  const found: string[] = [];
  const args = {
    type,
    props,
    name: 'any',
    urn: 'urn:any',
    opts: {},
    getConfig: () => ({}),
    notApplicable: () => {
      throw notApplicable;
    },
    isType: (asked: { __pulumiType?: string }) => asked.__pulumiType === type,
    asType: (asked: { __pulumiType?: string }) => (asked.__pulumiType === type ? props : undefined),
  } as unknown as ResourceValidationArgs;
  for (const { name, validateResource } of rules) {
    for (const validate of [validateResource].flat()) {
      try {
        await validate?.(args, (message) => found.push(`${name}: ${message}`));
      } catch (reason) {
        if (reason !== notApplicable) throw reason;
      }
    }
  }
  return found;
}
