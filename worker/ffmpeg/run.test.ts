import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { processesWith } from '../../test/kit/processes.ts';
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
  assert.deepEqual(await processesWith(to), []);
});

test('an abort before the start starts nothing', async (t) => {
  const to = path.join(await temporaryFolder(t), 'never.mkv');
  await assert.rejects(runFfmpeg(endless(to), { ...options, signal: AbortSignal.abort() }), { name: 'AbortError' });
  assert.deepEqual(await readdir(path.dirname(to)), []);
});

test('one that runs too long is stopped', async (t) => {
  const to = path.join(await temporaryFolder(t), 'endless.mkv');
  await assert.rejects(runFfmpeg(endless(to), { ...options, wallSeconds: 0.5 }), { code: 'step_timeout' });
  assert.deepEqual(await processesWith(to), []);
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
