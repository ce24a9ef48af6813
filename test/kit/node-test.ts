import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** More than cores: most files wait for leases, time-outs and browsers more than they work. */
const FILES_AT_ONCE = 3;

/** Longest test, ms. */
const TEST_LIMIT_MS = 120_000;
/** Longest file, where node limits only whole files. */
const FILE_LIMIT_MS = 300_000;
/** Longest run. A test that reached its limit may keep its file from ending. */
const RUN_LIMIT_MS = 30 * 60_000;
/** How long the tests may take to end when they are interrupted. */
const END_WITHIN_MS = 3_000;

/** A test that was not run. */
export interface Skipped {
  name: string;
  file: string;
  reason: string;
}

export interface TestRun {
  /** Relative to `cwd`. */
  files: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Module by which node reads TypeScript. */
  loader: string;
  /** Where the list of skipped tests is written. */
  skippedFile: string;
  signal: AbortSignal;
}

/** Runs the files with node's test runner, its output being ours. Gives its exit code and what it skipped. */
export async function runNodeTest(run: TestRun): Promise<{ code: number; skipped: Skipped[] }> {
  const code = await exitCode(run);
  const lines = await readFile(run.skippedFile, 'utf8').catch(() => '');
  const skipped = lines.split('\n').filter(Boolean);
  return { code, skipped: skipped.map((line) => JSON.parse(line) as Skipped) };
}

function exitCode({ files, cwd, env, loader, skippedFile, signal }: TestRun): Promise<number> {
  const args = [
    ...[
      '--import',
      loader,
      '--test',
      `--test-concurrency=${FILES_AT_ONCE}`,
      `--test-timeout=${limitOn(process.versions.node)}`,
    ],
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    `--test-reporter=${path.join(import.meta.dirname, 'skipped-reporter.js')}`,
    `--test-reporter-destination=${skippedFile}`,
  ];
  return new Promise((resolve, reject) => {
    // Its own process group, so that the end of it is the end of every test process.
    const child = spawn(process.execPath, [...args, ...files], { cwd, env, stdio: 'inherit', detached: true });
    const end = () => {
      sendToGroup(child.pid, 'SIGINT');
      setTimeout(() => sendToGroup(child.pid, 'SIGKILL'), END_WITHIN_MS).unref();
    };
    const limit = setTimeout(end, RUN_LIMIT_MS);
    signal.addEventListener('abort', end, { once: true });
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(limit);
      signal.removeEventListener('abort', end);
      // Test processes that their runner left behind.
      sendToGroup(child.pid, 'SIGKILL');
      resolve(code ?? 1);
    });
  });
}

/** Until version 24, `--test-timeout` does not limit each test but each file. */
export function limitOn(nodeVersion: string): number {
  return Number.parseInt(nodeVersion) < 24 ? FILE_LIMIT_MS : TEST_LIMIT_MS;
}

function sendToGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (leader !== undefined) process.kill(-leader, signal);
  } catch {
    // All gone.
  }
}
