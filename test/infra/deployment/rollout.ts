import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as gcp from '@pulumi/gcp';
import { RandomBytes } from '@pulumi/random';
import { deployStack } from '../kit/stack.ts';

// How a version gets to the instances, and how they are judged (D, E).
const dev = await deployStack('dev');
const prod = await deployStack('prod');
const stacks = [dev, prod];
const { compute } = gcp;

test('D: the balancer goes by /readyz, healing by /livez and not before an instance has booted', () => {
  assert.equal(prod.one(compute.HealthCheck, 'web-ready').inputs.httpHealthCheck.requestPath, '/readyz');
  for (const name of ['web', 'worker']) {
    assert.equal(prod.one(compute.HealthCheck, `${name}-alive`).inputs.httpHealthCheck.requestPath, '/livez');
    const { autoHealingPolicies } = prod.one(compute.RegionInstanceGroupManager, name).inputs;
    assert.equal(autoHealingPolicies.healthCheck, `${name}-alive_id`);
    assert.ok(autoHealingPolicies.initialDelaySec >= 180);
  }
});

test('D: a new version rolls out without downtime: new ones first, one a zone', () => {
  for (const stack of stacks) {
    for (const { inputs } of stack.of(compute.RegionInstanceGroupManager)) {
      const { updatePolicy, distributionPolicyZones } = inputs;
      assert.equal(updatePolicy.type, 'PROACTIVE');
      assert.ok(updatePolicy.maxSurgeFixed >= distributionPolicyZones.length);
      assert.equal(updatePolicy.maxUnavailableFixed, 0);
      assert.equal(inputs.waitForInstancesStatus, 'UPDATED');
    }
  }
});

test('D: a new image makes new templates and runs its migration', async () => {
  const image = (digit: string) =>
    `europe-west1-docker.pkg.dev/claqueta-prod/claqueta/claqueta@sha256:${digit.repeat(64)}`;
  const next = await deployStack('prod', { image: image('c') });
  const job = next.one(gcp.cloudrunv2.Job).inputs;
  assert.equal(job.runExecutionToken, 'c'.repeat(12));
  assert.equal(job.template.template.containers[0]?.image, image('c'));
  assert.ok(`${job.name}${job.runExecutionToken}`.length < 63);
  for (const name of ['web', 'worker']) {
    const userData = (stack: typeof prod) => stack.one(compute.InstanceTemplate, name).inputs.metadata['user-data'];
    assert.ok(userData(next)?.includes(image('c')));
    assert.notEqual(userData(next), userData(prod));
    assert.equal(next.one(compute.InstanceTemplate, name).inputs.name, undefined);
  }
  // Given, it is not built.
  assert.deepEqual(
    next.all.filter(({ type }) => type.startsWith('docker-build')),
    [],
  );
});

test('E: a private registry that keeps ten images to roll back to', () => {
  const { format, cleanupPolicies } = prod.one(gcp.artifactregistry.Repository).inputs;
  assert.equal(format, 'DOCKER');
  assert.equal(cleanupPolicies.find(({ action }) => action === 'KEEP')?.mostRecentVersions.keepCount, 10);
});

test('E: the image is built and pushed in the same update when none is given, and used by its digest', () => {
  const [build] = dev.all.filter(({ type }) => type === 'docker-build:index:Image');
  assert.deepEqual(build?.inputs['exports'], [
    {
      image: {
        names: ['europe-west1-docker.pkg.dev/claqueta-dev/claqueta/claqueta'],
        push: true,
        pushByDigest: true,
      },
    },
  ]);
  assert.equal(
    dev.outputs['image'],
    `europe-west1-docker.pkg.dev/claqueta-dev/claqueta/claqueta@sha256:${'b'.repeat(64)}`,
  );
});

test('the signing secret changes by way of two that are live', async () => {
  const next = await deployStack('prod', { signingSecrets: ['signing-2', 'signing'] });
  assert.deepEqual(
    next.of(RandomBytes).map(({ name }) => name),
    ['signing-2', 'signing'],
  );
  const drawn = next.one(gcp.secretmanager.SecretVersion).inputs.secretData;
  assert.equal(JSON.stringify(drawn).match(/c2VjcmV0/g)?.length, 2);
});
