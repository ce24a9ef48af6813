import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings } from '../shared/env.ts';
import { migrateEnvironment, webEnvironment, workerEnvironment } from './environment.ts';

const around = {
  project: 'demo',
  topic: 'steps',
  subscription: 'workers',
  bucket: 'media',
  databaseInstance: 'demo:europe-west1:main',
  databaseName: 'claqueta',
  publicUrl: 'https://claqueta.example.com',
  runbooksUrl: 'https://example.com/runbooks',
  signingSecret: 'projects/demo/secrets/signing/versions/1',
};

test('what each program is told is enough for it to start', () => {
  for (const environment of [
    webEnvironment(around, 'web@demo.iam'),
    workerEnvironment(around, 'worker@demo.iam', 50),
    migrateEnvironment(around, 'migrate@demo.iam'),
  ]) {
    assert.doesNotThrow(() => readSettings(environment));
  }
});

test('health checks reach a container from outside', () => {
  assert.equal(webEnvironment(around, 'web@demo.iam').HOST, '0.0.0.0');
  assert.equal(workerEnvironment(around, 'worker@demo.iam', 50).HOST, '0.0.0.0');
});
