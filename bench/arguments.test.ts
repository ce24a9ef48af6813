import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';
import { importTypeScript } from '../test/kit/program.ts';
import { readArguments } from './arguments.ts';

const known = ['claim', 'fleet'];
const run = (program: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [...importTypeScript, path.join(import.meta.dirname, program), ...args]);

test('names, all and options are read; what is unknown is said', () => {
  assert.deepEqual(readArguments(['fleet', '--quick', '--seed', '7'], known), {
    names: ['fleet'],
    quick: true,
    seed: 7,
  });
  assert.deepEqual(readArguments(['all'], known), { names: known, quick: false, seed: 1 });
  assert.deepEqual(readArguments(['claim', '--list'], known), { names: [], quick: false, seed: 1 });
  assert.match(JSON.stringify(readArguments(['nope'], known)), /no .*nope.*claim, fleet/);
  assert.match(JSON.stringify(readArguments(['claim', '--seed', 'x'], known)), /whole number/);
});

test('the list names every measurement, and an unknown one is refused', async () => {
  const { stdout } = await run('main.ts', '--list');
  for (const name of ['claim', 'fleet', 'api', 'latency', 'upload'])
    assert.match(stdout, new RegExp(`^  ${name} `, 'm'));
  await assert.rejects(run('main.ts', 'nope'), { code: 1, stdout: /There is no "nope"/ });
});

test('the planner helps, answers and says what is wrong', async () => {
  assert.match((await run('plan/main.ts', '--help')).stdout, /--hours-per-day/);
  assert.match((await run('plan/main.ts', '--hours-per-day', '500', '--deadline', '30m')).stdout, /machines at most/);
  const wrong = run('plan/main.ts', '--hours-per-day', 'many', '--deadline', 'soon', '--profile', 'x');
  await assert.rejects(wrong, { code: 1, stderr: /a number above 0[^]*takes a time[^]*no figures of the profile x/ });
});
