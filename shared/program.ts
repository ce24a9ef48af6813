import { readSettings, SettingsError, type Settings } from './env.ts';
import { runUntilStopped, type Opened } from './lifecycle.ts';
import { createLog, type Log } from './log.ts';

export interface Program {
  settings: Settings;
  log: Log;
  opened: Opened;
  /** Aborts when the program is told to stop. */
  signal: AbortSignal;
}

export interface ProgramOptions {
  /** Where the log goes instead of standard output. */
  logFile?: (settings: Settings) => string;
  /** The program has to be told of a database. */
  database?: boolean;
}

/**
 * What every `main` does: reads the settings, opens the log, and runs until it is told to stop.
 * Wrong settings are all printed, without a stack that would tell nothing, and the exit code is 1.
 *
 */
export async function runProgram(
  name: string,
  start: (program: Program) => Promise<number | void>,
  { logFile, database }: ProgramOptions = {},
): Promise<void> {
  const settings = orExit(() => readSettings(process.env, { database: database ?? false }));
  const log = orExit(() =>
    createLog(settings.LOG_LEVEL, name, { file: logFile?.(settings), format: settings.LOG_FORMAT }),
  );
  await runUntilStopped(log, (opened, signal) => start({ settings, log, opened, signal }));
}

/** What is wrong before there is a log: words for whoever started the program, and no stack. */
function orExit<T>(open: () => T): T {
  try {
    return open();
  } catch (error) {
    process.stderr.write(`${wordsFor(error)}\n`);
    process.exit(1);
  }
}

function wordsFor(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof SettingsError || !('code' in error) || !('path' in error)) return error.message;
  const remedy = 'Set DATA_DIR to a folder of yours.';
  return `DATA_DIR: ${String(error.path)} cannot be written to (${String(error.code)}). ${remedy}`;
}
