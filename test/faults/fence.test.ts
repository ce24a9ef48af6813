import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startProgram } from '../kit/program.ts';

test('without the fence the referee tells of work done twice: what looks for it would find it', async (t) => {
  const program = startProgram(t, 'test/faults/main.ts', {}, ['--without-fence', '--kills', '1', '--seed', 'fence']);
  assert.equal(await program.ended, 1, program.output());
  assert.match(program.output(), /twice: clip \d+ of \S+, attempt \d+, was published by attempt \d+/);
});
