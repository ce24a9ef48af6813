import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endingOf, failureOf } from './failure.ts';

test('how FFmpeg ended says what became of the step', () => {
  assert.equal(failureOf({ code: 1, signal: null }, 'x').code, 'clip_failed');
  assert.equal(failureOf({ code: null, signal: 'SIGSEGV' }, 'x').code, 'clip_failed');
  assert.equal(failureOf({ code: 69, signal: null }, 'x').code, 'source_truncated');
});

test('the operator learns what FFmpeg said', () => {
  assert.equal(failureOf({ code: 1, signal: null }, 'No space left').detail, 'FFmpeg ended with code 1: No space left');
  assert.match(failureOf({ code: null, signal: 'SIGSEGV' }, '').detail ?? '', /SIGSEGV: no message/);
});

test('a signal is told from an exit code, also where a sandbox passes it on', () => {
  assert.deepEqual(endingOf(137, null), { code: null, signal: 'SIGKILL' });
  assert.deepEqual(endingOf(null, 'SIGSEGV'), { code: null, signal: 'SIGSEGV' });
  for (const code of [0, 1, 69, 183, 255]) assert.deepEqual(endingOf(code, null), { code, signal: null });
});

test('a layer that failed is our fault, not that of the video', () => {
  const said = "bwrap: Can't find source path /work/out: No such file or directory";
  assert.equal(failureOf({ code: 1, signal: null }, said).code, 'internal');
});
