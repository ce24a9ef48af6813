import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { openCleanup } from '../kit/undo.ts';
import { HELP, readArguments, type Arguments } from './arguments.ts';
import { faults, runKills, type KillRun } from './kill-run.ts';
import { freezes } from './kinds/freezes.ts';
import { reportOf, table } from './report.ts';
import { soak } from './soak.ts';
import { runScenarios, scenarios } from './scenarios.ts';

// `npm run faults`: takes processes away from the real service, again and again, and then looks whether all is well.
const cleanup = openCleanup();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void cleanup.end().finally(() => process.exit(130)));
}

try {
  process.exitCode = await main(readArguments(process.argv.slice(2)));
} catch (error) {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
} finally {
  await cleanup.end();
}
process.exit();

async function main(given: Arguments): Promise<number> {
  if (given.help) return print(HELP);
  if (given.list) return print(listed());
  if (given.scenario.length > 0) return runScenarios(given, say);
  const seed = given.seed ?? String(Date.now() % 1_000_000);
  say(`seed ${seed}, queue ${given.queue}, commit ${await commit()}`);
  if (given.soak !== null) return soak(cleanup, { ...given, minutes: given.soak, seed, say });
  const began = performance.now();
  const report = await runKills(cleanup, { kills: given.kills, seed, say, ...whatOf(given) });
  say(`\n${reportOf(report)}`);
  say(`seed ${seed}, queue ${given.queue}, ${((performance.now() - began) / 1000).toFixed(0)} s`);
  return report.violations.length === 0 ? 0 : 1;
}

function listed(): string {
  const rows = scenarios.map(({ name, asserts, queue }) => [name, queue ?? 'both', asserts]);
  return `${table([['scenario', 'queue', 'asserts'], ...rows])}\n\nfaults of a run:\n${faults.map(({ name }) => `  ${name}`).join('\n')}`;
}

/** Without the fence only what a fence is for: a worker that wakes after its step was given to another. */
function whatOf({ queue, withoutFence }: Arguments): Pick<KillRun, 'only' | 'fleet'> {
  if (!withoutFence) return { fleet: { queue } };
  const preload = [path.join(import.meta.dirname, 'unfenced.js')];
  return { fleet: { queue, preload }, only: freezes.filter(({ name }) => name.includes('stored')) };
}

async function commit(): Promise<string> {
  const { stdout } = await promisify(execFile)('git', ['describe', '--always', '--dirty'], {
    cwd: import.meta.dirname,
  }).catch(() => ({ stdout: 'unknown' }));
  return stdout.trim();
}

function print(text: string): number {
  say(text);
  return 0;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
