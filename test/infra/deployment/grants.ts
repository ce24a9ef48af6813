import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as gcp from '@pulumi/gcp';
import { deployStack, type Made, type Stack } from '../kit/stack.ts';

const dev = await deployStack('dev');
const prod = await deployStack('prod');

/** Who may do what with what in every stack, whole: a new right has to be written here. */
const programs = [
  'migrate | cloudsql.client | only our database',
  'migrate | cloudsql.instanceUser | only our database',
  'pubsub agent | pubsub.publisher | topic dead',
  'pubsub agent | pubsub.subscriber | subscription steps',
  'web | artifactregistry.reader | registry images',
  'web | cloudsql.client | only our database',
  'web | cloudsql.instanceUser | only our database',
  'web | iam.serviceAccountTokenCreator | account web',
  'web | logging.logWriter | project',
  'web | monitoring.metricWriter | project',
  'web | pubsub.publisher | topic steps',
  'web | secretmanager.secretAccessor | secret signing',
  'web | storage.objectUser | bucket media',
  'worker | artifactregistry.reader | registry images',
  'worker | cloudsql.client | only our database',
  'worker | cloudsql.instanceUser | only our database',
  'worker | logging.logWriter | project',
  'worker | monitoring.metricWriter | project',
  'worker | pubsub.publisher | topic steps',
  'worker | pubsub.subscriber | subscription steps',
  'worker | storage.objectUser | bucket media',
];

const operators = [
  'operators | compute.osLogin | project',
  'operators | iam.serviceAccountUser | account web',
  'operators | iam.serviceAccountUser | account worker',
  'operators | iap.tunnelResourceAccessor | project',
];

const delivery = [
  ...[
    ...['artifactregistry.admin', 'certificatemanager.owner', 'cloudsql.admin', 'compute.admin', 'dns.admin'],
    ...['iam.serviceAccountAdmin', 'iam.serviceAccountUser', 'iam.workloadIdentityPoolAdmin', 'monitoring.admin'],
    ...['pubsub.admin', 'resourcemanager.projectIamAdmin', 'run.developer', 'secretmanager.admin'],
    ...['servicenetworking.networksAdmin', 'serviceusage.serviceUsageAdmin', 'storage.admin'],
  ].map((role) => `deployer | ${role} | project`),
  'deployer | artifactregistry.writer | registry images',
  'deployer | billing.costsManager | billing 000000-000000-000000',
  'deployer | cloudkms.cryptoKeyEncrypterDecrypter | key of the state',
  'deployer | storage.objectUser | bucket claqueta-prod-state',
  'github main | iam.workloadIdentityUser | account deployer',
  'github pull request | iam.workloadIdentityUser | account previewer',
  'previewer | cloudkms.cryptoKeyEncrypterDecrypter | key of the state',
  'previewer | storage.objectViewer | bucket claqueta-prod-state',
];

test('in a trial, programs have exactly these rights', () => {
  assert.deepEqual(grants(dev), programs);
});

test('in production, programs, operators, delivery and nobody else have exactly these rights', () => {
  assert.deepEqual(grants(prod), [...programs, ...operators, ...delivery].sort());
});

test('nobody has a basic role, and no service account has a key', () => {
  for (const stack of [dev, prod]) {
    for (const grant of stack.all.filter(isGrant)) {
      assert.doesNotMatch(String(grant.inputs.role), /^roles\/(owner|editor|viewer)$/);
    }
    assert.deepEqual(stack.of(gcp.serviceaccount.Key), []);
    // A binding or a policy would take away rights that others have given.
    assert.deepEqual(
      stack.all.filter(({ type }) => /iam(Binding|Policy)/i.test(type)),
      [],
    );
  }
});

test('only the migration may change the schema', () => {
  const roles = prod.of(gcp.sql.User).map(({ name, inputs }) => [name, inputs.databaseRoles]);
  assert.deepEqual(Object.fromEntries(roles), { web: undefined, worker: undefined, migrate: ['cloudsqlsuperuser'] });
});

function grants(stack: Stack): string[] {
  return stack.all
    .filter(isGrant)
    .map(
      ({ type, inputs }) => `${who(inputs)} | ${String(inputs.role).replace('roles/', '')} | ${onWhat(type, inputs)}`,
    )
    .sort();
}

function isGrant({ type }: Made): boolean {
  return /iam_?member/i.test(type);
}

type Inputs = Record<string, unknown>;

function who({ member }: Inputs): string {
  const text = String(member);
  if (text.includes('gcp-sa-pubsub')) return 'pubsub agent';
  if (text === 'group:operators@example.com') return 'operators';
  if (text.endsWith('/attribute.ref/example/claqueta@refs/heads/main')) return 'github main';
  if (text.endsWith('/attribute.event/example/claqueta@pull_request')) return 'github pull request';
  return /^serviceAccount:claqueta-([a-z]+)@/.exec(text)?.[1] ?? text;
}

function onWhat(type: string, inputs: Inputs): string {
  if (inputs.condition) {
    assert.match(
      String((inputs.condition as Inputs).expression),
      /^resource\.name == "projects\/claqueta-(dev|prod)\/instances\/claqueta" &&/,
    );
    return 'only our database';
  }
  const named: Record<string, unknown> = {
    topic: inputs.topic,
    subscription: inputs.subscription,
    bucket: inputs.bucket,
    registry: inputs.repository,
    secret: inputs.secretId,
    billing: inputs.billingAccountId,
    key: inputs.cryptoKeyId === undefined ? undefined : 'of the state',
    account: /claqueta-([a-z]+)@/.exec(inputs.serviceAccountId as string)?.[1],
  };
  const [kind, name] = Object.entries(named).find(([, value]) => value !== undefined) ?? [];
  if (kind) return `${kind} ${String(name).replace(/_id$/, '')}`;
  assert.match(type, /^gcp:projects\/iAMMember:/);
  return 'project';
}
