import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Db } from '../shared/db/connect.ts';
import { readSettings, type Settings } from '../shared/env.ts';
import { logged, startProgram } from '../test/kit/program.ts';
import { undo, type Cleanup } from '../test/kit/undo.ts';
import { openGround } from './ground.ts';

export interface WebProcess {
  url: string;
  db: Db;
  settings: Settings;
  /** Memory of the process of now, in MB (10⁶ bytes). */
  megabytes(): Promise<number>;
}

/** One web process, as production runs it, with a Postgres of its own; no worker. */
export async function startWebProcess(t: Cleanup): Promise<WebProcess> {
  const { folder, databaseUrl, db } = await openGround(t);
  const env = { PORT: '0', DATABASE_URL: databaseUrl, DATA_DIR: path.join(folder, 'data') };
  const program = startProgram({ after: (step) => undo(t, step) }, 'web/main.ts', env);
  const { url } = await logged(program, /web ready/, 60_000);
  return {
    url: String(url),
    db,
    settings: readSettings(env),
    megabytes: async () => {
      const status = await readFile(`/proc/${program.pid}/status`, 'utf8');
      return (Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024) / 1e6;
    },
  };
}
