import type { Knex } from 'knex';
import type { Address } from './address.ts';
import { connect } from './connect.ts';
import { grantToServices } from './grants.ts';
import { tasksAndSteps } from './migrations/0001-tasks-and-steps.ts';
import { uploads } from './migrations/0002-uploads.ts';
import { fleetAndTrace } from './migrations/0003-fleet-and-trace.ts';
import { accountsAndAudit } from './migrations/0004-accounts-and-audit.ts';
import { storedBytes } from './migrations/0005-stored-bytes.ts';
import { changesAndWorkers } from './migrations/0006-changes-and-workers.ts';
import { moreSteps } from './migrations/0007-more-steps.ts';
import { webhooks } from './migrations/0008-webhooks.ts';
import { usage } from './migrations/0009-usage.ts';
import { dryRuns } from './migrations/0010-dry-runs.ts';
import { ownProfiles } from './migrations/0011-own-profiles.ts';
import { watched } from './migrations/0012-watched.ts';
import { endsTold } from './migrations/0013-ends-told.ts';
import { warningsTold } from './migrations/0014-warnings-told.ts';

/** In order; a name once released never changes. Migrations only go forward: to undo one, write another. */
const migrations: Record<string, string> = {
  '0001-tasks-and-steps': tasksAndSteps,
  '0002-uploads': uploads,
  '0003-fleet-and-trace': fleetAndTrace,
  '0004-accounts-and-audit': accountsAndAudit,
  '0005-stored-bytes': storedBytes,
  '0006-changes-and-workers': changesAndWorkers,
  '0007-more-steps': moreSteps,
  '0008-webhooks': webhooks,
  '0009-usage': usage,
  '0010-dry-runs': dryRuns,
  '0011-own-profiles': ownProfiles,
  '0012-watched': watched,
  '0013-ends-told': endsTold,
  '0014-warnings-told': warningsTold,
};

/** Any constant serves, as long as everyone who migrates uses the same. */
const MIGRATION_LOCK = 7_203_114;

/**
 * Brings the database to the newest schema. Safe when several processes start at once: one migrates, the others wait
 * for it and find nothing to do.
 */
export async function migrate(address: Address): Promise<void> {
  const db = connect(address, { name: 'claqueta-migrate', max: 1, queryMs: 0 });
  try {
    await db.transaction(async (trx) => {
      // Waiting for another's migration, or a long one of our own, is no hanging statement.
      await trx.raw('set local statement_timeout = 0');
      await trx.raw('select pg_advisory_xact_lock(?)', [MIGRATION_LOCK]);
      // What waits for a busy table keeps everybody behind it waiting: rather fail, and be run again.
      await trx.raw(`set local lock_timeout = '10s'`);
      await trx.migrate.latest({ migrationSource, disableTransactions: true });
      await grantToServices(trx);
    });
  } finally {
    await db.destroy();
  }
}

/** Whether the schema is the one this code was written for. */
export async function isMigrated(db: Knex): Promise<boolean> {
  const [, pending] = (await db.migrate.list({ migrationSource })) as [unknown[], unknown[]];
  return pending.length === 0;
}

// Inline and without file extensions: .ts in development and .js in production must count as the same migration.
const migrationSource: Knex.MigrationSource<string> = {
  getMigrations: () => Promise.resolve(Object.keys(migrations)),
  getMigrationName: (name) => name,
  getMigration: (name) =>
    Promise.resolve({
      up: (db) => db.raw(migrations[name] ?? '') as unknown as Promise<void>,
      down: () => Promise.reject(new Error('Migrations only go forward.')),
    }),
};
