import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureOf } from './failure.ts';

test('how FFmpeg ended says what became of the step', () => {
  assert.equal(failureOf({ code: 1, signal: null }, 'x').code, 'clip_failed');
  assert.equal(failureOf({ code: null, signal: 'SIGSEGV' }, 'x').code, 'clip_failed');
  assert.equal(failureOf({ code: 69, signal: null }, 'x').code, 'source_truncated');
});

test('the operator learns what FFmpeg said', () => {
  assert.equal(failureOf({ code: 1, signal: null }, 'No space left').detail, 'FFmpeg ended with code 1: No space left');
  assert.match(failureOf({ code: null, signal: 'SIGSEGV' }, '').detail ?? '', /SIGSEGV: no message/);
});
