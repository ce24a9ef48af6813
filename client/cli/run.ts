import { Refused, type Api } from '../connect.ts';
import { HELP, Misused, readArguments, type Arguments } from './arguments.ts';
import { connectKept, readSession } from './kept-session.ts';
import { logInAndKeep } from './log-in.ts';
import type { Out } from './progress.ts';
import { abort, list, usage } from './look.ts';
import { plan, replay, status, submit } from './make.ts';

export interface Terminal {
  /** What was asked for. */
  out: Out;
  /** Progress and what went wrong. */
  err: Out;
  /** Aborts on Ctrl-C. */
  signal: AbortSignal;
}

/** What a command works with. */
export interface Work extends Terminal {
  api: Api;
  given: string[];
  options: Arguments['options'];
}

const EXIT = { failed: 1, misused: 2, loggedOut: 3, interrupted: 130 };
const commands: Record<string, (work: Work) => Promise<number>> = {
  ...{ submit, plan, replay, list, status, abort, usage },
};

/** Does what the arguments say. Answers the exit code; never throws. */
export async function run(args: string[], terminal: Terminal): Promise<number> {
  try {
    return await tryRun(args, terminal);
  } catch (error) {
    if (terminal.signal.aborted) return EXIT.interrupted;
    terminal.err.write(`${wordsOf(error)}\n`);
    if (error instanceof Misused) return EXIT.misused;
    return error instanceof Refused && error.status === 401 ? EXIT.loggedOut : EXIT.failed;
  }
}

async function tryRun(args: string[], terminal: Terminal): Promise<number> {
  const { command, given, options } = readArguments(args);
  if (command === 'help') {
    terminal.out.write(`${HELP}\n`);
    return 0;
  }
  if (command === 'login') return logInAndKeep(options, terminal);
  const session = await readSession();
  if (!session) {
    terminal.err.write('Log in first: claqueta login\n');
    return EXIT.loggedOut;
  }
  const api = connectKept(session, terminal.signal);
  return (await commands[command]?.({ ...terminal, api, given, options })) ?? EXIT.misused;
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof TypeError && error.message === 'fetch failed') {
    const { cause } = error;
    return `The service cannot be reached: ${cause instanceof Error ? cause.message || 'no connection' : 'no connection'}`;
  }
  return error.message;
}
