import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Deployment } from './config.ts';
import { problemsOf } from './config-problems.ts';

const right: Deployment = {
  project: 'p',
  region: 'europe-west1',
  projectNumber: '1',
  zones: ['europe-west1-b', 'europe-west1-c'],
  operators: [],
  labels: {},
  image: `europe-west1-docker.pkg.dev/p/claqueta/claqueta@sha256:${'0'.repeat(64)}`,
  edge: { domain: 'claqueta.example.com', domainLive: false, requestsPerMinute: 600 },
  web: { machineType: 'e2-small', minimum: 1, maximum: 3, cpuPercent: 60, predictive: false },
  worker: {
    machineTypes: ['e2-small'],
    spot: true,
    minimum: 0,
    maximum: 10,
    messages: 10,
    diskGb: 100,
    paused: false,
  },
  database: { tier: 'db-custom-1-3840', highlyAvailable: false, diskGb: 10, diskLimitGb: 20 },
  signingSecrets: ['signing'],
  protectData: true,
  alerts: { emails: [], groupSizeAbove: 4, runbooksUrl: 'https://example.com' },
  budget: { billingAccount: '', amount: 1, currency: 'EUR' },
  delivery: { repository: '', stateBucket: '', stateKey: '' },
};

test('a right configuration has no problems', () => {
  assert.deepEqual(problemsOf(right), []);
});

test('an image is taken by digest only', () => {
  for (const image of [
    'claqueta',
    'europe-west1-docker.pkg.dev/p/claqueta/claqueta:latest',
    `x@sha256:${'0'.repeat(63)}`,
  ]) {
    assert.deepEqual(problemsOf({ ...right, image }), [`image: only by digest (…@sha256:…), given ${image}`]);
  }
});

test('two instances in one zone are not two zones', () => {
  assert.equal(problemsOf({ ...right, zones: ['europe-west1-b', 'europe-west1-b'] }).length, 1);
});

test('all problems are told at once', () => {
  const wrong = {
    ...right,
    zones: ['us-east1-b', 'us-east1-c'],
    edge: { ...right.edge, domain: 'https://claqueta.example.com/' },
    web: { ...right.web, minimum: 4 },
    delivery: { ...right.delivery, repository: 'example/claqueta' },
  };
  assert.deepEqual(
    problemsOf(wrong).map((problem) => problem.split(':')[0]),
    ['zones', 'domain', 'webMaximum', 'stateBucket, stateKey'],
  );
});
