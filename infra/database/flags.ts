/**
 * Connections that each process opens at most: the pools of web/main.ts and worker/main.ts, web's that listens for
 * changes, and one for a migration.
 */
export const poolSizes = { web: 11, worker: 2, migrate: 1 } as const;

/** For operators, backups and Cloud SQL itself. */
const RESERVE = 30;

export interface Fleet {
  zones: readonly string[];
  web: { maximum: number };
  worker: { maximum: number };
}

/**
 * Connections that the whole fleet can need: every group at its largest, in the middle of a rolling update, when each
 * zone has one instance more.
 */
export function connectionsNeeded({ zones, web, worker }: Fleet): number {
  const surge = zones.length;
  return (web.maximum + surge) * poolSizes.web + (worker.maximum + surge) * poolSizes.worker + poolSizes.migrate;
}

/** `max_connections`: what the fleet needs and a reserve, in steps of fifty. Pure. */
export function connectionLimit(fleet: Fleet): number {
  return Math.ceil((connectionsNeeded(fleet) + RESERVE) / 50) * 50;
}

/** Flags of the database: log-in by IAM, and what the CIS benchmark asks to be logged. */
export function databaseFlags(fleet: Fleet): { name: string; value: string }[] {
  const flags: Record<string, string> = {
    'cloudsql.iam_authentication': 'on',
    'cloudsql.enable_pgaudit': 'on',
    // Roles and schema, not rows: statements carry what users wrote.
    'pgaudit.log': 'ddl,role',
    log_checkpoints: 'on',
    log_connections: 'on',
    log_disconnections: 'on',
    log_lock_waits: 'on',
    log_min_duration_statement: '-1',
    log_min_error_statement: 'error',
    log_min_messages: 'warning',
    log_statement: 'ddl',
    log_temp_files: '0',
    max_connections: String(connectionLimit(fleet)),
  };
  return Object.entries(flags).map(([name, value]) => ({ name, value }));
}
