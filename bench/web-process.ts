import path from 'node:path';
import type { Db } from '../shared/db/connect.ts';
import { readSettings, type Settings } from '../shared/env.ts';
import { logged, startProgram, type RunningProgram } from '../test/kit/program.ts';
import { undo, type Cleanup } from '../test/kit/undo.ts';
import { built } from './built.ts';
import { openGround, type Ground } from './ground.ts';
import { residentBytes } from './processes.ts';

export interface WebProcess {
  url: string;
  db: Db;
  settings: Settings;
  program: RunningProgram;
  /** Memory of the process of now, in MB (10⁶ bytes). */
  megabytes(): Promise<number>;
}

/** One web process, as production runs it; no worker. @param more environment over the usual one */
export async function startWebProcess(
  t: Cleanup,
  more: Record<string, string> = {},
  ground?: Ground,
): Promise<WebProcess> {
  const { folder, databaseUrl, db } = ground ?? (await openGround(t));
  const env = { PORT: '0', DATABASE_URL: databaseUrl, DATA_DIR: path.join(folder, 'data'), ...more };
  const program = startProgram({ after: (step) => undo(t, step) }, await built('web/main.ts'), env);
  const { url } = await logged(program, /web ready/, 60_000);
  return {
    url: String(url),
    db,
    settings: readSettings(env),
    program,
    megabytes: async () => (await residentBytes(program.pid)) / 1e6,
  };
}
