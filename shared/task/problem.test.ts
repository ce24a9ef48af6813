import assert from 'node:assert/strict';
import { test } from 'node:test';
import { taskError } from './fail.ts';
import { safeName, Problem, problemCodes } from './problem.ts';

const step = { kind: 'ingest', part: null } as const;

test("an owner reads the code's message, and words that say more where there are any", () => {
  assert.equal(taskError(step, new Problem('source_unsupported', 'ffv2')).message, problemCodes.source_unsupported);
  const words = 'The video is encoded as FFV2, which this service does not decode.';
  const cause = new Error('why');
  const told = new Problem('source_unsupported', 'ffv2', { words, cause });
  assert.deepEqual(taskError(step, told), {
    ...{ code: 'source_unsupported', phase: 'ingest', part: null, message: words, retryable: false },
  });
  assert.equal(told.cause, cause);
  assert.equal(told.detail, 'ffv2');
});

test('a part that this source cannot give is not tried again', () => {
  assert.equal(new Problem('clip_impossible').retryable, false);
});

test('a name of a source brings nothing along into words', () => {
  assert.equal(safeName('pcm_s16le'), 'pcm_s16le');
  assert.equal(safeName('<b>evil</b>\n\u202e"codec"'), 'bevilbcodec');
  assert.equal(safeName('x'.repeat(5_000)).length, 40);
  for (const none of ['', '\u0000\u0001', null, undefined]) assert.equal(safeName(none), 'unknown');
});
