import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { clientWith, newClient } from './kit/client.ts';
import { processesWith } from './kit/processes.ts';
import { logged, watch, type RunningProgram } from './kit/program.ts';
import { until } from './kit/until.ts';
import { sample } from './kit/videos.ts';

const root = path.join(import.meta.dirname, '..');

/** `npm start` in a process group of its own, so that a signal reaches what Ctrl-C in a terminal reaches. */
async function npmStart(t: TestContext, again?: string) {
  const folder = again ?? (await mkdtemp(path.join(os.tmpdir(), 'claqueta-start-')));
  const child = spawn('npm', ['start'], {
    cwd: root,
    detached: true,
    env: { ...process.env, DATA_DIR: path.join(folder, 'data'), TMPDIR: folder, PORT: '0', DATABASE_URL: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const program = watch(child);
  const ctrlC = () => process.kill(-program.pid, 'SIGINT');
  t.after(async () => {
    await program.ended;
    for (const { pid } of await processesWith(folder)) process.kill(pid, 'SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });
  return { folder, program, ctrlC };
}

async function assertNothingLeft(folder: string): Promise<void> {
  assert.deepEqual(await processesWith(folder), []);
  const left = (await readdir(folder)).filter((name) => name !== 'data' && !/^(tsx-|node-compile-cache)/.test(name));
  assert.deepEqual(left, []);
  assert.deepEqual(await readdir(path.join(folder, 'data', 'work')).catch(() => []), []);
  assert.deepEqual(await readdir(path.join(folder, 'data', 'media', '.incoming')).catch(() => []), []);
}

async function stopped({ program, ctrlC, folder }: { program: RunningProgram; ctrlC: () => void; folder: string }) {
  const began = performance.now();
  ctrlC();
  await program.ended;
  const seconds = (performance.now() - began) / 1000;
  assert.ok(seconds < 10, `stopped after ${seconds} s`);
  await until(async () => (await processesWith(folder)).length === 0, {
    what: 'all processes are gone',
    timeout: 2_000,
  });
  await assertNothingLeft(folder);
}

test('Ctrl-C while Postgres is being set up leaves nothing', async (t) => {
  const started = await npmStart(t);
  await until(
    async () => (await processesWith(started.folder)).some(({ command }) => /initdb|postgres/.test(command)),
    {
      what: 'Postgres is being set up',
      timeout: 20_000,
    },
  );
  await stopped(started);
});

test('it tells at /readyz what FFmpeg runs under, and Ctrl-C while idle leaves nothing', async (t) => {
  const started = await npmStart(t);
  const { url } = await logged(started.program, /web ready/);
  const ready = (await (await fetch(`${String(url)}/readyz`)).json()) as { details: { layers: { on: string[] } } };
  assert.ok(ready.details.layers.on.includes('prlimit'));
  await stopped(started);
});

test('Ctrl-C while encoding leaves no FFmpeg, and the next start goes on with the task', async (t) => {
  const first = await npmStart(t);
  const { url } = await logged(first.program, /web ready/);
  const client = await newClient(String(url));
  const { body: task } = await client.upload(await sample({ seconds: 45, width: 1280, height: 720 }));
  await client.wait(task.task_id, ({ parts }) => parts.some((part) => part.progress > 0.05), 'a clip is under way');
  await stopped(first);

  const second = await npmStart(t, first.folder);
  const { url: next } = await logged(second.program, /web ready/);
  const ended = await clientWith(String(next), client.token).ended(task.task_id);
  assert.equal(ended.status, 'succeeded');
  for (const part of ended.parts) assert.ok(part.attempt <= 2);
  await stopped(second);
});
