import path from 'node:path';
import { startEmbeddedPostgres } from '../shared/db/embedded/start.ts';
import { createLog } from '../shared/log.ts';
import { runNodeTest, type Skipped } from './kit/node-test.ts';
import { makeRunFolder, removeRunFolder } from './kit/run-folder.ts';
import { chooseTestFiles, findTestFiles } from './kit/test-files.ts';
import { transform } from './kit/transform.ts';

// `npm test`: all test files, or those whose path contains one of the arguments, with one Postgres for all of them.
const root = path.join(import.meta.dirname, '..');
const INTERRUPTED = 130;
const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interrupted.abort(new Error(name)));

process.exitCode = await main(process.argv.slice(2));

async function main(fragments: string[]): Promise<number> {
  const files = chooseTestFiles(await findTestFiles(root), fragments);
  if ('problem' in files) return refuse(files.problem);
  const folder = await makeRunFolder();
  try {
    const code = await runTests(files.chosen, folder);
    return interrupted.signal.aborted ? INTERRUPTED : code;
  } catch (error) {
    if (interrupted.signal.aborted) return INTERRUPTED;
    throw error;
  } finally {
    await removeRunFolder(folder);
  }
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
    const loader = await transform(root, path.join(folder, 'transformed'));
    const { code, skipped } = await runNodeTest({ files, cwd: root, env, loader, skippedFile, signal });
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

function refuse(problem: string): number {
  say(problem);
  return 1;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
