import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Cleanup } from './undo.ts';
import { until } from './until.ts';

export interface RunningProgram {
  pid: number;
  /** Lines of its log so far. */
  log(): Record<string, unknown>[];
  output(): string;
  kill(signal: NodeJS.Signals): void;
  /** Exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>;
}

const root = path.join(import.meta.dirname, '../..');

/** How node reads TypeScript: here, and so in each further process. */
export const importTypeScript = ['--import', afterOption('--import', process.execArgv) ?? 'tsx'];

/** A real process of the service, from its TypeScript or compiled, ended with the test. */
export function startProgram(
  t: Cleanup,
  main: string,
  env: Record<string, string>,
  args: string[] = [],
): RunningProgram {
  const reading = main.endsWith('.js') ? ['--enable-source-maps'] : importTypeScript;
  const child = spawn(process.execPath, [...reading, path.join(root, main), ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const program = watch(child);
  t.after(async () => {
    child.kill('SIGKILL');
    await program.ended;
  });
  return program;
}

export function watch(child: ChildProcess): RunningProgram {
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = once(child, 'exit').then(([code, signal]) => (signal ?? code) as number | NodeJS.Signals);
  return {
    pid: child.pid ?? 0,
    output: () => output,
    log: () => output.split('\n').flatMap(parsed),
    kill: (signal) => child.kill(signal),
    ended,
  };
}

/** Waits for a line of a program's log. */
export function logged(program: RunningProgram, msg: RegExp, timeout = 20_000): Promise<Record<string, unknown>> {
  const find = () => program.log().find((line) => msg.test(String(line.msg)));
  return until(find, { what: `the log says ${msg}`, timeout }).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${program.output().slice(-2_000)}`, { cause: error });
  });
}

function afterOption(name: string, args: string[]): string | undefined {
  return args.includes(name) ? args[args.indexOf(name) + 1] : undefined;
}

function parsed(line: string): Record<string, unknown>[] {
  try {
    return [JSON.parse(line) as Record<string, unknown>];
  } catch {
    return [];
  }
}
