import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as gcp from '@pulumi/gcp';
import { deployStack, readYaml } from '../kit/stack.ts';

const prod = await deployStack('prod');

interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  concurrency?: { group: string; 'cancel-in-progress': boolean };
  jobs: Record<
    string,
    {
      if?: string;
      needs?: string | string[];
      permissions?: Record<string, string>;
      uses?: string;
      steps?: { name?: string; uses?: string; run?: string; with?: Record<string, string> }[];
    }
  >;
}

const check = readYaml<Workflow>('.github/workflows/check.yml');
const deploy = readYaml<Workflow>('.github/workflows/deploy.yml');
const preview = readYaml<Workflow>('.github/workflows/preview.yml');
const all = { check, deploy, preview };

test('Google believes one repository, and of that main and pull requests alone', () => {
  const { attributeCondition, oidc } = prod.one(gcp.iam.WorkloadIdentityPoolProvider).inputs;
  assert.equal(
    attributeCondition,
    "assertion.repository == 'example/claqueta' && (assertion.ref == 'refs/heads/main' || assertion.event_name == 'pull_request')",
  );
  assert.equal(oidc.issuerUri, 'https://token.actions.githubusercontent.com');
});

test('a stack without a repository has no way in for workflows', async () => {
  const dev = await deployStack('dev');
  assert.deepEqual(dev.of(gcp.iam.WorkloadIdentityPool), []);
});

test('no workflow holds a key, and each says which rights it has', () => {
  for (const [name, workflow] of Object.entries(all)) {
    assert.ok(workflow.permissions, name);
    assert.doesNotMatch(JSON.stringify(workflow), /credentials_json|secrets\./, name);
    for (const job of Object.values(workflow.jobs)) {
      for (const { uses, with: options } of (job.steps ?? []).filter(({ uses }) =>
        uses?.startsWith('google-github-actions/auth'),
      )) {
        assert.ok(options?.['workload_identity_provider'], uses);
        assert.equal(job.permissions?.['id-token'], 'write');
      }
    }
  }
});

test('every action is of a fixed major version', () => {
  for (const workflow of Object.values(all)) {
    for (const { uses } of Object.values(workflow.jobs).flatMap(({ steps }) => steps ?? [])) {
      if (uses && !uses.startsWith('./')) assert.match(uses, /^[\w.-]+\/[\w./-]+@v\d+$/);
    }
  }
});

test('what is deployed was checked and tested, is pushed by digest, and only one at a time', () => {
  const runs = (job: string) => deploy.jobs[job]?.steps?.map(({ run }) => run ?? '').join('\n') ?? '';
  assert.deepEqual(Object.keys(deploy.jobs), ['check', 'image', 'up']);
  assert.deepEqual([deploy.jobs['image']?.needs, deploy.jobs['up']?.needs].flat(), ['check', 'image']);
  assert.match(runs('image'), /push-by-digest=true/);
  assert.match(runs('up'), /pulumi@3 config set image /);
  assert.match(runs('up'), /pulumi@3 up --yes/);
  assert.equal(deploy.concurrency?.['cancel-in-progress'], false);
});

test('a pull request is previewed, with the policies, and changes nothing', () => {
  const runs = Object.values(preview.jobs).flatMap(({ steps }) => (steps ?? []).map(({ run }) => run ?? ''));
  assert.match(runs.join('\n'), /pulumi@3 preview [^\n]*--policy-pack infra\/policies/);
  assert.doesNotMatch(runs.join('\n'), /pulumi@3 up/);
  assert.deepEqual(Object.keys(preview.on), ['pull_request']);
});
