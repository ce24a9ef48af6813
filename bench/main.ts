import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openCleanup } from '../test/kit/undo.ts';
import { readArguments, USAGE, type Arguments } from './arguments.ts';
import type { Run, Verdict } from './bench.ts';
import { benches } from './benches.ts';

// `npm run bench`: measurements by name. Each prints tables and is kept as JSON in build/bench.
const results = path.join(import.meta.dirname, '../build/bench');
const INTERRUPTED = 130;
const interrupted = new AbortController();
let cleanup = openCleanup();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => leave(name));

try {
  const asked = readArguments(process.argv.slice(2), Object.keys(benches));
  process.exitCode = 'problem' in asked ? refuse(asked.problem) : await main(asked);
} catch (error) {
  if (!interrupted.signal.aborted) say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = interrupted.signal.aborted ? INTERRUPTED : 1;
}
// Pools and timers of what was measured must not keep it.
process.exit();

async function main({ names, quick, seed }: Arguments): Promise<number> {
  if (names.length === 0) {
    say(`${USAGE}\n\n${list()}`);
    return 0;
  }
  for (const name of names) {
    if (interrupted.signal.aborted) return INTERRUPTED;
    say(`\n── ${name}${quick ? ', quick' : ''}: ${benches[name]?.what}`);
    await measure(name, { quick, seed, say, signal: interrupted.signal });
  }
  return 0;
}

async function measure(name: string, given: Omit<Run, 't'>): Promise<void> {
  const { describeMachine } = await import('./machine.ts');
  const machine = await describeMachine();
  const at = new Date();
  cleanup = openCleanup();
  try {
    const measured = await benches[name]?.measure({ ...given, t: cleanup });
    const seconds = Math.round((Date.now() - at.getTime()) / 1000);
    for (const verdict of measured?.verdicts ?? []) say(line(verdict));
    const file = path.join(results, `${name}${given.quick ? '-quick' : ''}.json`);
    await mkdir(results, { recursive: true });
    const { quick, seed } = given;
    const kept = { name, at: at.toISOString(), seconds, quick, seed, machine, ...measured };
    await writeFile(file, `${JSON.stringify(kept, null, 2)}\n`);
    say(`${path.relative(process.cwd(), file)}, ${seconds} s, load ${machine.load}, commit ${machine.commit}`);
  } finally {
    await cleanup.end();
  }
}

function line({ target, measured, met }: Verdict): string {
  return `${met ? 'met    ' : 'NOT MET'}  ${target}: ${measured}`;
}

function list(): string {
  const width = Math.max(...Object.keys(benches).map((name) => name.length));
  return Object.entries(benches)
    .map(([name, { what }]) => `  ${name.padEnd(width)}  ${what}`)
    .join('\n');
}

/** The first time all is closed; the second time it leaves at once. */
function leave(name: string): void {
  if (interrupted.signal.aborted) process.exit(INTERRUPTED);
  interrupted.abort(new Error(name));
  say('ending; once more leaves at once');
  cleanup
    .end()
    .catch((error: unknown) => say(String(error)))
    .finally(() => process.exit(INTERRUPTED));
}

function refuse(problem: string): number {
  say(problem);
  return 1;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
