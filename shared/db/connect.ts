import knex, { type Knex } from 'knex';
import type pg from 'pg';
import type { ClientConfig } from 'pg';
import type { Address } from './address.ts';
import { closeWhenSilent, isClosed } from './silent.ts';

export type Db = Knex;

const QUERY_MS = 20_000;

/**
 * A bounded pool of connections to Postgres.
 *
 * @param name shows in `pg_stat_activity`
 * @param max most connections; a worker needs few, because renewals are batched
 * @param queryMs longest wait for an answer, 0 for any
 */
export function connect(address: Address, options: { name: string; max: number; queryMs?: number }): Db {
  return knex({
    client: 'pg',
    // Else an error's message has the statement with its values filled in: passwords' hashes and users' data in the log.
    compileSqlOnError: false,
    connection: async (): Promise<Knex.PgConnectionConfig> => ({
      // Knex's own type of the same settings knows a few less.
      ...((await clientConfig(address, options.name)) as Knex.PgConnectionConfig),
      // A statement that hangs must not hold a lease's renewal for ever.
      statement_timeout: 15_000,
      // The same where the server is not heard of any more: a half-open connection would hang every renewal.
      query_timeout: options.queryMs ?? QUERY_MS,
      idle_in_transaction_session_timeout: 30_000,
    }),
    pool: {
      min: 0,
      max: options.max,
      idleTimeoutMillis: 30_000,
      afterCreate(client: pg.Client, done: (error: null, client: pg.Client) => void) {
        closeWhenSilent(client);
        done(null, client);
      },
      validate: (client: pg.Client) => !isClosed(client),
    },
    acquireConnectionTimeout: 5_000,
  });
}

/** What one connection is made with; `name` shows in `pg_stat_activity`. */
export async function clientConfig(address: Address, name: string): Promise<ClientConfig> {
  const where = typeof address === 'string' ? { connectionString: address } : await address();
  return { ...where, application_name: name, connectionTimeoutMillis: 5_000, keepAlive: true };
}

/** Rows of one raw statement with named bindings (`:name`). Casts are written `cast(:name as type)`. */
export async function rows<Row>(db: Db, sql: string, bindings: Record<string, unknown> = {}): Promise<Row[]> {
  const result = await db.raw<{ rows: Row[] }>(sql, bindings as Knex.ValueDict);
  return result.rows;
}
