import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { startProgram } from '../kit/program.ts';

/** What a run of `npm run faults` printed, and its exit code. */
async function runFaults(t: TestContext, args: string[]): Promise<{ code: number | string; output: string }> {
  const { FFMPEG_PATH, FFPROBE_PATH } = process.env;
  const env = { ...(FFMPEG_PATH && { FFMPEG_PATH }), ...(FFPROBE_PATH && { FFPROBE_PATH }) };
  const program = startProgram(t, 'test/faults/main.ts', env, args);
  const code = await program.ended;
  return { code, output: program.output() };
}

test('60 kills of webs, workers and the database: nothing is lost, nothing is done twice', async (t) => {
  const seed = process.env.FAULTS_SEED || String(Date.now() % 1_000_000);
  t.diagnostic(`seed ${seed}; FAULTS_SEED=${seed} repeats it`);
  const { code, output } = await runFaults(t, ['--kills', '60', '--seed', seed]);
  for (const line of output.slice(output.indexOf('\nfault ')).trim().split('\n')) t.diagnostic(line);
  assert.equal(code, 0, output);
  assert.match(output, /^lost 0, twice 0, wrong 0, left behind 0$/m);
});
