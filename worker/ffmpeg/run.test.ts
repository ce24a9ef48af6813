import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { until } from '../../test/kit/until.ts';
import { temporaryFolder } from '../../test/kit/videos-clip.ts';
import { tools } from '../../test/kit/videos.ts';
import type { Command } from './command.ts';
import { runFfmpeg } from './run.ts';

const options = {
  tools,
  signal: new AbortController().signal,
  wallSeconds: 60,
  allowance: { memory: 4 * 2 ** 30, cpuSeconds: 60, fileSize: 2 ** 30 },
};

/** Draws without end, at the pace of real time. */
function endless(to: string): Command {
  const input = { address: 'testsrc=s=64x64:r=25', options: ['-re', '-f', 'lavfi'] };
  return { inputs: [input], filters: [], options: ['-c:v', 'mpeg4', '-f', 'matroska'], output: `file:${to}` };
}

/** Processes that have a path on their command line. */
async function processesOn(text: string): Promise<number[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'latin1').catch(() => '')));
  return ids.filter((id, index) => lines[index]?.includes(text) && Number(id) !== process.pid).map(Number);
}

test('pictures are reported while it runs, and a filter graph drawn by lavfi works', async (t) => {
  const to = path.join(await temporaryFolder(t), 'two seconds.mkv');
  const command = endless(to);
  const seen: number[] = [];
  const short = { ...command, options: ['-t', '1.5', ...command.options] };
  await runFfmpeg(short, { ...options, onFrames: (frames) => seen.push(frames) });
  assert.ok(seen.length >= 2 && seen.at(-1)! >= 37, seen.join(' '));
});

test('an abort kills it within a second, and it is gone when the call returns', async (t) => {
  const to = path.join(await temporaryFolder(t), 'endless.mkv');
  const abort = new AbortController();
  const reason = new Error('cancelled by its owner');
  let aborted = 0;
  const onFrames = () => {
    aborted ||= performance.now();
    abort.abort(reason);
  };
  await assert.rejects(runFfmpeg(endless(to), { ...options, signal: abort.signal, onFrames }), reason);
  assert.ok(performance.now() - aborted < 1000);
  assert.deepEqual(await processesOn(to), []);
});

test('an abort before the start starts nothing', async (t) => {
  const to = path.join(await temporaryFolder(t), 'never.mkv');
  await assert.rejects(runFfmpeg(endless(to), { ...options, signal: AbortSignal.abort() }), { name: 'AbortError' });
  assert.deepEqual(await readdir(path.dirname(to)), []);
});

test('one that runs too long is stopped', async (t) => {
  const to = path.join(await temporaryFolder(t), 'endless.mkv');
  await assert.rejects(runFfmpeg(endless(to), { ...options, wallSeconds: 0.5 }), { code: 'step_timeout' });
  assert.deepEqual(await processesOn(to), []);
});

test('limits of the kernel hold: the size of a file, and processor time', async (t) => {
  const to = path.join(await temporaryFolder(t), 'large.mkv');
  const fast = { ...endless(to), inputs: [{ address: 'testsrc=s=640x360:r=25', options: ['-f', 'lavfi'] }] };
  const allowance = { ...options.allowance, fileSize: 100_000 };
  await assert.rejects(runFfmpeg(fast, { ...options, allowance }), { code: 'clip_failed' });
  const busy = { ...options.allowance, cpuSeconds: 1 };
  const killed = { code: 'clip_failed', detail: /^FFmpeg ended with SIGKILL/ };
  await assert.rejects(runFfmpeg(fast, { ...options, allowance: busy }), killed);
});

test('what FFmpeg says is kept for the operator', async (t) => {
  const to = path.join(await temporaryFolder(t), 'x.mkv');
  const command = { ...endless(to), inputs: [{ address: 'file:/nonexistent.mp4', options: [] }] };
  await assert.rejects(runFfmpeg(command, options), (error: { code: string; detail: string }) => {
    assert.equal(error.code, 'clip_failed');
    assert.match(error.detail, /nonexistent\.mp4[^]*No such file/);
    return true;
  });
});

test('a missing program is an error, not a crash', async (t) => {
  const to = path.join(await temporaryFolder(t), 'x.mkv');
  const none = { ...tools, layers: [], ffmpeg: '/nonexistent/ffmpeg' };
  await assert.rejects(runFfmpeg(endless(to), { ...options, tools: none }), { code: 'internal' });
});

test('kill -9 of its parent takes it along', async (t) => {
  const to = path.join(await temporaryFolder(t), 'endless.mkv');
  const script = `
    import { findTools } from ${JSON.stringify(path.join(import.meta.dirname, 'tools.ts'))};
    import { runFfmpeg } from ${JSON.stringify(path.join(import.meta.dirname, 'run.ts'))};
    const allowance = ${JSON.stringify(options.allowance)};
    const signal = new AbortController().signal;
    const tools = await findTools(process.env);
    const onFrames = () => console.log('running');
    await runFfmpeg(${JSON.stringify(endless(to))}, { tools, signal, wallSeconds: 60, allowance, onFrames });`;
  const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => parent.kill('SIGKILL'));
  await once(createInterface(parent.stdout), 'line');
  const [ffmpeg] = (await processesOn(to)).filter((id) => id !== parent.pid);
  assert.ok(ffmpeg !== undefined, 'FFmpeg runs');
  parent.kill('SIGKILL');
  await until(async () => (await processesOn(to)).length === 0, { what: 'FFmpeg is gone', timeout: 2000 });
});
