import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import * as gcp from '@pulumi/gcp';
import { parse } from 'yaml';
import type { Environment } from '../../../infra/environment.ts';
import { cloudConfig, type ContainerUnit } from '../../../infra/group/cloud-init.ts';
import { readSettings, settings } from '../../../shared/env.ts';
import { settingsReadBy } from '../kit/settings-read.ts';
import { deployStack } from '../kit/stack.ts';

const run = promisify(execFile);

interface CloudConfig {
  write_files: { path: string; permissions: string; owner: string; content: string }[];
  runcmd: string[];
}

const stack = await deployStack('prod');
const configs = Object.fromEntries(
  stack.of(gcp.compute.InstanceTemplate).map(({ name, inputs }) => [name, read(inputs.metadata['user-data'] ?? '')]),
);

for (const program of ['web', 'worker'] as const) {
  const main = `${program}/main.ts`;

  test(`${program}: the cloud-config is YAML that writes two files and starts the unit`, () => {
    const config = configs[program];
    assert.ok(config);
    assert.deepEqual(
      config.write_files.map(({ path, permissions }) => [path, permissions]),
      [
        [`/etc/claqueta/${program}.env`, '0600'],
        [`/etc/systemd/system/${program}.service`, '0644'],
      ],
    );
    assert.deepEqual(config.runcmd, ['systemctl daemon-reload', `systemctl start --no-block ${program}.service`]);
  });

  test(`${program}: its settings are accepted whole`, () => {
    assert.doesNotThrow(() => readSettings(environmentOf(program)));
  });

  test(`${program}: it is told nothing that it does not read`, async () => {
    const reads = await settingsReadBy(main);
    const told = Object.keys(environmentOf(program));
    assert.deepEqual(
      told.filter((name) => !reads.has(name)),
      [],
    );
  });

  test(`${program}: it is told everything it reads that has no default fit for the cloud`, async () => {
    const reads = await settingsReadBy(main);
    const told = Object.keys(environmentOf(program));
    const untold = [...reads].filter((name) => !told.includes(name) && !fitByDefault.has(name));
    assert.deepEqual(
      untold.filter(
        (name) => !(program === 'worker' && onlyWeb.has(name)) && !(program === 'web' && onlyWorker.has(name)),
      ),
      [],
    );
  });

  test(
    `${program}: systemd accepts its unit`,
    { skip: !existsSync('/usr/bin/systemd-analyze') && 'no systemd' },
    async () => {
      const unit = configs[program]?.write_files[1]?.content ?? '';
      await verifyUnit(program, unit);
    },
  );

  test(`${program}: it stops well before a Spot instance is taken away`, () => {
    const unit = configs[program]?.write_files[1]?.content ?? '';
    assert.match(unit, /docker stop --time=20 /);
    assert.match(unit, /TimeoutStopSec=25\n/);
  });

  test(`${program}: the container can change nothing but its passing files`, () => {
    const unit = configs[program]?.write_files[1]?.content ?? '';
    const command = /ExecStart=(.*)/.exec(unit)?.[1] ?? '';
    for (const flag of ['--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges', '--pids-limit=2048']) {
      assert.ok(command.includes(` ${flag} `), flag);
    }
    assert.equal(command.includes('--mount='), program === 'worker');
    assert.match(command, new RegExp(`@sha256:[0-9a-f]{64} node --enable-source-maps dist/${program}/main.js$`));
  });
}

/** What a program reads and needs not be told: the default is right, or it is for one machine, or for tests. */
const fitByDefault = new Set([
  ...['DATA_DIR', 'DATABASE_URL', 'SIGNING_SECRET', 'STORAGE_ENDPOINT', 'MONITORING_ENDPOINT', 'LOG_LEVEL'],
  ...['SOURCE_ALLOW', 'SOURCE_MAX_BYTES', 'SOURCE_MAX_SECONDS', 'FETCH_SECONDS', 'FETCH_MIN_RATE'],
  ...['JSON_MAX_BYTES', 'UPLOAD_SECONDS', 'UPLOAD_MIN_RATE', 'UPLOADS_PER_OWNER', 'TASKS_PER_OWNER'],
  ...['STORED_BYTES_PER_OWNER', 'REQUESTS_PER_MINUTE', 'REQUESTS_AT_ONCE', 'METRICS_TOKEN', 'SECURITY_CONTACT'],
  ...['WORKER_SLOTS', 'STEP_TRIES', 'LEASE_SECONDS', 'FFMPEG_PATH', 'FFPROBE_PATH', 'FFMPEG_LAYERS'],
  ...['ACCESS_TOKEN_SECONDS', 'LOG_IN_TRIES', 'ADDRESS_TRIES', 'AUDIT_DAYS'],
  ...['WEBHOOK_ALLOW', 'WEBHOOKS_AT_ONCE', 'WEBHOOK_SECONDS', 'PRICE_CPU_HOUR'],
]);
/** Read in code that both share, and used by one. */
const onlyWeb = new Set([
  'DASHBOARD_URL',
  'RUNBOOKS_URL',
  'SIGNING_SECRET_NAME',
  'PUBLIC_URL',
  'PROXY_ENTRIES',
  'PORT',
]);
const onlyWorker = new Set(['HEALTH_PORT', 'WORK_DIR', 'SOURCE_CACHE_BYTES']);

const unit: ContainerUnit = {
  name: 'web',
  image: `europe-west1-docker.pkg.dev/p/claqueta/claqueta@sha256:${'0'.repeat(64)}`,
  command: ['node'],
  environment: { PUBLIC_URL: 'https://claqueta.example.com', QUEUE: 'pubsub' },
  port: 8080,
};

test('a setting that does not exist is a compile error', () => {
  // @ts-expect-error -- the compiler says so here, and would say here if it no longer did
  const environment: Environment = { NO_SUCH_SETTING: '1' };
  assert.ok(environment);
});

test('an image without a digest is refused', () => {
  assert.throws(
    () => cloudConfig({ ...unit, image: 'europe-west1-docker.pkg.dev/p/claqueta/claqueta:1' }),
    /by digest/,
  );
});

test('a value cannot smuggle in another setting', () => {
  assert.throws(() => cloudConfig({ ...unit, environment: { QUEUE: 'pubsub\nDATABASE_URL=x' } }), /line break/);
});

test('what looks like YAML in a value stays a value', () => {
  const environment = { QUEUE: '{a: b} # c', PUBLIC_URL: ' "quoted": - ' };
  assert.equal(
    read(cloudConfig({ ...unit, environment })).write_files[0]?.content,
    'PUBLIC_URL= "quoted": - \nQUEUE={a: b} # c\n',
  );
});

function read(text: string): CloudConfig {
  assert.ok(text.startsWith('#cloud-config\n'));
  return parse(text) as CloudConfig;
}

function environmentOf(program: string): Record<string, string> {
  const lines = configs[program]?.write_files[0]?.content.trimEnd().split('\n') ?? [];
  const environment = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  for (const name of Object.keys(environment)) assert.ok(name in settings, name);
  return environment;
}

/** Docker is not on every machine that runs tests, so something that is stands in for it. */
async function verifyUnit(name: string, unit: string): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'units-'));
  try {
    await writeFile(path.join(folder, 'docker.service'), '[Service]\nExecStart=/usr/bin/true\n');
    const file = path.join(folder, `${name}.service`);
    await writeFile(file, unit.replaceAll(/\/usr\/bin\/docker(-credential-gcr)?(?= )/g, '/usr/bin/true'));
    const { stderr } = await run('systemd-analyze', ['verify', '--man=no', '--recursive-errors=no', file], {
      env: { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:` },
    });
    assert.equal(stderr, '');
  } finally {
    await rm(folder, { recursive: true });
  }
}
