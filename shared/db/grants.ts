import type { Knex } from 'knex';

/** The role that Cloud SQL puts every service account that logs in by IAM into. */
const SERVICES = 'cloudsqliamserviceaccount';

/**
 * Lets web and worker use the tables, where they log in as others than the one who migrates: on Cloud SQL. They read and
 * write rows, only add to the audit, and change no schema. Elsewhere the role does not exist, and nothing is done.
 *
 * @param role another role, for tests
 */
export async function grantToServices(trx: Knex.Transaction, role = SERVICES): Promise<void> {
  const found = await trx.raw<{ rows: unknown[] }>('select from pg_roles where rolname = ?', [role]);
  if (found.rows.length === 0) return;
  for (const statement of statements) await trx.raw(statement, [role]);
}

// The tables that later migrations make are granted by the migration's own run; default privileges only help by hand.
const statements = [
  'grant usage on schema public to ??',
  'grant select, insert, update, delete on all tables in schema public to ??',
  'grant usage, select on all sequences in schema public to ??',
  'alter default privileges in schema public grant select, insert, update, delete on tables to ??',
  'alter default privileges in schema public grant usage, select on sequences to ??',
  // Who can write lines cannot change them, also with the guard's setting in hand.
  'revoke update, delete, truncate on audit from ??',
];
