import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';

// `npm run check`: all that looks at the code without running it, side by side; each says what it found when it has ended.
const checks = [
  ['tsc', '--noEmit'],
  ['tsc', '--noEmit', '-p', 'web/ui'],
  ['eslint', '.'],
  ['prettier', '--check', '.'],
  ['node', '--import', 'tsx', 'scripts/check-dependencies.ts'],
];

/** The compiler and ESLint make much and throw little away: with more room for what is new, less is copied in vain. */
const ROOM = '--max-semi-space-size=64';

const codes = await Promise.all(checks.map(run));
process.exitCode = codes.every((code) => code === 0) ? 0 : 1;

/** npm has put the packages' programs on the path. */
function run([program, ...args]) {
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
    env: { ...process.env, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} ${ROOM}` },
  });
  const said = [];
  child.stdout.on('data', (text) => said.push(text));
  child.stderr.on('data', (text) => said.push(text));
  return new Promise((resolve) => {
    child.on('error', (error) => end(1, error.message));
    child.on('close', (code) => end(code ?? 1, ''));
    function end(code, more) {
      process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${[program, ...args].join(' ')}\n`);
      if (code !== 0) process.stdout.write(`${Buffer.concat(said).toString()}${more}\n`);
      resolve(code);
    }
  });
}
