import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Duplex, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import { choices, withoutBwrap } from '../../test/kit/layers.ts';
import { processesWith } from '../../test/kit/processes.ts';
import { until } from '../../test/kit/until.ts';
import { temporaryFolder } from '../../test/kit/videos-clip.ts';
import { tools } from '../../test/kit/videos.ts';
import { gateLine, keepGate } from './gate.ts';
import { runFfmpeg } from './run.ts';
import { confine, dieWithParentLayer, type Layer } from './sandbox.ts';
import { onPath } from './search-path.ts';

const allowance = { memory: 4 * 2 ** 30, cpuSeconds: 60, fileSize: 2 ** 30 };

/** Draws without end, at the pace of real time. */
const endless = (to: string) => ({
  inputs: [{ address: 'testsrc=s=64x64:r=25', options: ['-re', '-f', 'lavfi'] }],
  ...{ filters: [], options: ['-c:v', 'mpeg4', '-f', 'matroska'], output: `file:${to}` },
});

test('kill -9 of the worker takes FFmpeg along, whichever other layers there are', async (t) => {
  const folder = await temporaryFolder(t);
  const others = tools.layers.map(({ name }) => name).filter((name) => name !== 'setpriv');
  const sets = choices(others).map((names) => ['setpriv', ...names]);
  const worker = startWorker(
    t,
    folder,
    `await Promise.all(${JSON.stringify(sets)}.map(async (names, index) => {
       const onFrames = () => console.log(index);
       await run(index, tools.layers.filter(({ name }) => names.includes(name)), onFrames);
     }));`,
  );
  const running = new Set<string>();
  createInterface(worker.stdout).on('line', (line) => running.add(line));
  await until(() => running.size === sets.length, { what: 'all of them run', timeout: 30_000 });
  worker.kill('SIGKILL');
  await until(async () => (await processesWith(folder)).length === 0, { what: 'all are gone', timeout: 3000 });
  t.diagnostic(`${sets.length} sets of layers`);
});

test('kill -9 of the worker while it starts FFmpegs leaves none behind', async (t) => {
  const folder = await temporaryFolder(t);
  // Many at once, so that the end finds each at another moment of its start.
  const killed = [0, 10, 20, 30, 40].map((ms) => {
    const work = `for (let index = 0; index < 12; index++) void run('${ms}-' + index, tools.layers, () => {});
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${ms});`;
    return once(startWorker(t, folder, work), 'close');
  });
  for (const end of killed) assert.deepEqual(await end, [null, 'SIGKILL']);
  assert.equal((await readdir(folder)).length, 5 * 12, 'all were begun');
  await until(async () => (await processesWith(folder)).length === 0, { what: 'all are gone', timeout: 5000 });
});

test('a worker that was killed before it could be watched starts nothing', async () => {
  const [setpriv, sh] = await Promise.all(['setpriv', 'sh'].map((name) => onPath(name, process.env.PATH ?? '')));
  const gone = dieWithParentLayer({ setpriv: setpriv ?? '', sh: sh ?? '' }, 999_999);
  assert.deepEqual(await version([gone], () => {}), { code: 1, said: '' });
});

test('a worker that hangs up before it gives its word starts nothing', { skip: withoutBwrap }, async () => {
  const hangUp = (child: ChildProcess) => (child.stdio[3] as Duplex).destroy();
  assert.deepEqual(await version(tools.layers, hangUp), { code: 1, said: '' });
  assert.match((await version(tools.layers, keepGate)).said, /^ffmpeg version/);
});

/** Has FFmpeg tell its version, under layers. */
async function version(layers: Layer[], onStart: (child: ChildProcess) => void) {
  const { command, args } = confine(tools.ffmpeg, ['-version'], layers, { allowance, files });
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit', gateLine] });
  onStart(child);
  const closed = once(child, 'close');
  const said = await text(child.stdout as Readable);
  const [code] = (await closed) as [number | null];
  return { code, said };
}

const files = { reads: [], writes: null };

/** A process that runs FFmpegs as a worker does, each with a folder of its own. */
function startWorker(t: TestContext, folder: string, work: string) {
  const module = (name: string) => JSON.stringify(path.join(import.meta.dirname, name));
  const script = `
    import { mkdirSync } from 'node:fs';
    import { findTools } from ${module('tools.ts')};
    import { runFfmpeg } from ${module('run.ts')};
    const tools = await findTools(process.env);
    async function run(index, layers, onFrames) {
      const folder = ${JSON.stringify(folder)} + '/' + index;
      mkdirSync(folder);
      const command = { ...${JSON.stringify(endless(''))}, output: 'file:' + folder + '/endless.mkv' };
      const options = { wallSeconds: 60, allowance: ${JSON.stringify(allowance)}, onFrames };
      await runFfmpeg(command, { ...options, tools: { ...tools, layers }, signal: new AbortController().signal });
    }
    ${work}`;
  const worker = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => worker.kill('SIGKILL'));
  return worker;
}

test('an abort takes everything along, at whatever moment of the start', { skip: withoutBwrap }, async (t) => {
  const folder = await temporaryFolder(t);
  const to = path.join(folder, 'endless.mkv');
  for (let ms = 0; ms < 30; ms += 3) {
    const signal = AbortSignal.timeout(ms);
    const run = runFfmpeg(endless(to), { tools, signal, wallSeconds: 60, allowance });
    await assert.rejects(run, { name: 'TimeoutError' });
    assert.deepEqual(await processesWith(folder), []);
  }
});
