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

/**
 * What every `main` does: reads the settings, opens the log, and runs until it is told to stop.
 * Wrong settings are all printed, without a stack that would tell nothing, and the exit code is 1.
 *
 * @param logFile where the log goes instead of standard output
 */
export async function runProgram(
  name: string,
  start: (program: Program) => Promise<number | void>,
  logFile?: (settings: Settings) => string,
): Promise<void> {
  const settings = settingsOrExit();
  const log = createLog(settings.LOG_LEVEL, name, { file: logFile?.(settings), format: settings.LOG_FORMAT });
  await runUntilStopped(log, (opened, signal) => start({ settings, log, opened, signal }));
}

function settingsOrExit(): Settings {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
