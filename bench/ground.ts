import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { connect, rows, type Db } from '../shared/db/connect.ts';
import { startEmbeddedPostgres } from '../shared/db/embedded/start.ts';
import { migrate } from '../shared/db/migrate.ts';
import { createLog } from '../shared/log.ts';
import { undo, type Cleanup } from '../test/kit/undo.ts';

export interface Ground {
  /** For whatever is written. */
  folder: string;
  databaseUrl: string;
  db: Db;
}

/** A Postgres of its own, migrated and durable, as in production; with `pg_stat_statements`. */
export async function openGround(t: Cleanup, connections = 8): Promise<Ground> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'claqueta-bench-'));
  undo(t, () => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const postgres = await startEmbeddedPostgres({
    dataDir: path.join(folder, 'postgres'),
    log: createLog('error', 'bench'),
    settings: {
      max_connections: '300',
      shared_preload_libraries: 'pg_stat_statements',
      'pg_stat_statements.track_planning': 'on',
    },
  });
  undo(t, () => postgres.stop());
  await migrate(postgres.url);
  const db = connect(postgres.url, { name: 'bench', max: connections });
  undo(t, () => db.destroy());
  await db.raw('create extension pg_stat_statements');
  return { folder, databaseUrl: postgres.url, db };
}

/** Statements that have run since the last `forgetStatements`, the costliest first. Times in ms, with planning. */
export interface Statement {
  statement: string;
  calls: number;
  mean_ms: number;
  total_ms: number;
}

export function readStatements(db: Db): Promise<Statement[]> {
  return rows<Statement>(
    db,
    `select regexp_replace(left(query, 4000), '\\s+', ' ', 'g') as statement, cast(calls as integer) as calls,
            (total_plan_time + total_exec_time) / calls as mean_ms, total_plan_time + total_exec_time as total_ms
     from pg_stat_statements
     where dbid = (select oid from pg_database where datname = current_database())
       and query not like '%pg_stat_statements%'
     order by total_ms desc`,
  );
}

export async function forgetStatements(db: Db): Promise<void> {
  await db.raw('select pg_stat_statements_reset()');
}
