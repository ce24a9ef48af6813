import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { USER } from './cluster.ts';
import { codeOf, EmbeddedPostgresError } from './errors.ts';

/** Any constant serves; two owners meet on it. */
const OWNER_LOCK = 7_203_115;

/** The kernel closes a killed owner's connection at once, and its server needs a moment to notice. */
const GRACE_MS = 1_000;

/**
 * Connects and takes the lock that makes this process the owner of the server. The lock is held by the connection, so
 * it ends with the process, however that ends.
 *
 * @returns the connection that holds the lock; `held elsewhere` when another living process is the owner; undefined when the server does not answer (yet)
 * @throws EmbeddedPostgresError when the password is not the server's
 */
export async function takeOwnership(
  server: { port: number; password: string },
  signal: AbortSignal,
): Promise<pg.Client | 'held elsewhere' | undefined> {
  const client = clientOf(server);
  try {
    await client.connect();
    if (await lock(client, signal)) return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    if (['28P01', '28000'].includes(codeOf(error) ?? '')) {
      throw new EmbeddedPostgresError(`The database refuses the password beside it: ${String(error)}`, {
        cause: error,
      });
    }
    signal.throwIfAborted();
    return undefined;
  }
  await client.end();
  return 'held elsewhere';
}

/** Makes the database of Claqueta if it is not there. */
export async function createDatabase(client: pg.Client, name: string): Promise<void> {
  const found = await client.query('select from pg_database where datname = $1', [name]);
  if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
}

async function lock(client: pg.Client, signal: AbortSignal): Promise<boolean> {
  for (const end = performance.now() + GRACE_MS; ; await pause(50, undefined, { signal })) {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [OWNER_LOCK]);
    if (rows[0]?.taken) return true;
    if (performance.now() > end) return false;
  }
}

function clientOf({ port, password }: { port: number; password: string }): pg.Client {
  const client = new pg.Client({
    ...{ host: '127.0.0.1', port, user: USER, password, database: 'postgres' },
    // Said outright, or PGSSLMODE and the like would be obeyed.
    ssl: false,
    application_name: 'claqueta owner',
    connectionTimeoutMillis: 5_000,
  });
  // Without a listener the end of the server would be the end of this process.
  client.on('error', () => undefined);
  return client;
}
