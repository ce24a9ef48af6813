import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { connect, type Db } from '../shared/db/connect.ts';
import { startEmbeddedPostgres } from '../shared/db/embedded/start.ts';
import { migrate } from '../shared/db/migrate.ts';
import { readSettings, type Settings } from '../shared/env.ts';
import { createLog } from '../shared/log.ts';
import { logged, startProgram } from '../test/kit/program.ts';
import { undo, type Cleanup } from '../test/kit/undo.ts';

export interface WebProcess {
  url: string;
  db: Db;
  settings: Settings;
  /** Memory of the process of now, in MB (10⁶ bytes). */
  megabytes(): Promise<number>;
}

/** One web process, as production runs it, with a Postgres of its own; no worker. */
export async function startWebProcess(t: Cleanup): Promise<WebProcess> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'claqueta-bench-'));
  undo(t, () => rm(folder, { recursive: true, force: true }));
  const postgres = await startEmbeddedPostgres({
    dataDir: path.join(folder, 'postgres'),
    log: createLog('error', 'bench'),
  });
  undo(t, () => postgres.stop());
  await migrate(postgres.url);
  const env = { PORT: '0', DATABASE_URL: postgres.url, DATA_DIR: path.join(folder, 'data') };
  const db = connect(postgres.url, { name: 'bench', max: 8 });
  undo(t, () => db.destroy());
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
