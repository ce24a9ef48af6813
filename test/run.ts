import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startEmbeddedPostgres } from '../shared/db/embedded/start.ts';
import { createLog } from '../shared/log.ts';
import { shutDownLeftServers } from './kit/left-servers.ts';
import { runNodeTest, type Skipped } from './kit/node-test.ts';
import { chooseTestFiles, findTestFiles } from './kit/test-files.ts';

// `npm test`: all test files, or those whose path contains one of the arguments, with one Postgres for all of them.
const root = path.join(import.meta.dirname, '..');
const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interrupted.abort(new Error(name)));

const files = chooseTestFiles(await findTestFiles(root), process.argv.slice(2));
const folder = await makeFolder();
try {
  process.exitCode = await runTests(files, folder);
} catch (error) {
  if (!interrupted.signal.aborted) throw error;
} finally {
  // Of tests that were killed.
  await shutDownLeftServers(folder);
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  if (interrupted.signal.aborted) process.exitCode = 130;
}

/** Everything that a run writes is below one folder, so that nothing of it can be left behind. */
async function makeFolder(): Promise<string> {
  const made = await mkdtemp(path.join(os.tmpdir(), 'claqueta-run-'));
  // Some tests are run as another user.
  await chmod(made, 0o711);
  await mkdir(path.join(made, 'tmp'));
  await chmod(path.join(made, 'tmp'), 0o1777);
  return made;
}

async function runTests(files: string[], folder: string): Promise<number> {
  const { signal } = interrupted;
  const postgres = await startEmbeddedPostgres({
    dataDir: path.join(folder, 'postgres'),
    log: createLog('error', 'test'),
    // Thrown away in any case, so nothing has to reach the disk. Test files run side by side, with pools of their own.
    settings: { fsync: 'off', max_connections: '300' },
    signal,
  });
  try {
    const env = { ...process.env, CLAQUETA_TEST_DATABASE_URL: postgres.url, TMPDIR: path.join(folder, 'tmp') };
    const skippedFile = path.join(folder, 'skipped');
    const { code, skipped } = await runNodeTest({ files, cwd: root, env, skippedFile, signal });
    return judge(code, skipped);
  } finally {
    await postgres.stop();
  }
}

function judge(code: number, skipped: Skipped[]): number {
  if (skipped.length === 0) return code;
  const lines = skipped.map(({ name, file, reason }) => `  ${name} (${path.relative(root, file)}): ${reason}`);
  say(`\nNot run, so not shown to work:\n${lines.join('\n')}`);
  if (process.env.CI !== 'true' && process.env.CLAQUETA_NO_SKIP !== '1') return code;
  say('Where CI or CLAQUETA_NO_SKIP is set, a test that is not run counts as failed.');
  return code === 0 ? 1 : code;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
