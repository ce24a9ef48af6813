import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, type TestContext } from 'node:test';
import pg from 'pg';
import { migrate } from '../../shared/db/migrate.ts';
import { testServer } from './server.ts';
import { until } from './until.ts';

/** Any constant serves, as long as every test process uses the same. */
const TEMPLATE_LOCK = 7_203_116;

/** How long a finished test may take to close its connections before they are cut, ms. */
const CLOSE_WITHIN_MS = 2_000;

let template: Promise<string> | undefined;
const drops: Promise<void>[] = [];

// For the whole file, because a test's own hooks run in the order they were set: ours come before those that close the
// connections to its database.
after(async () => {
  await Promise.all(drops);
});

/**
 * A migrated, empty database for one test, dropped after it.
 *
 * @returns its URL; the user is a superuser
 */
export async function freshDatabase(t: TestContext): Promise<string> {
  const server = await testServer();
  const name = `test_${randomBytes(8).toString('hex')}`;
  template ??= findTemplate(server);
  // By files, because nothing has to reach the disk here: by the log, as usual, it takes the processor three times as long.
  await run(server, `create database ${name} template ${await template} strategy file_copy`);
  t.after(() => {
    const dropped = drop(server, name);
    // Reported by the hook above.
    dropped.catch(() => undefined);
    drops.push(dropped);
  });
  return urlOf(server, name);
}

/** Migrating takes long; copying a migrated database does not. One process makes the template, the others wait. */
async function findTemplate(server: string): Promise<string> {
  const name = `template_${await hashOfMigrations()}`;
  const making = `${name}_making`;
  await withClient(server, async (client) => {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    if ((await client.query('select from pg_database where datname = $1', [name])).rowCount) return;
    // Under its name only when it is whole: a process may be killed while it migrates.
    await client.query(`drop database if exists ${making} with (force)`);
    await client.query(`create database ${making}`);
    await migrate(urlOf(server, making));
    // A database that somebody is connected to cannot be copied.
    await client.query(`alter database ${making} allow_connections false`);
    await client.query(`alter database ${making} rename to ${name}`);
  });
  return name;
}

/** A server that outlives its tests must not hand out yesterday's schema. */
async function hashOfMigrations(): Promise<string> {
  const folder = path.join(import.meta.dirname, '../../shared/db');
  const hash = createHash('sha256');
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    if (!name.startsWith('embedded') && name.endsWith('.ts')) hash.update(await readFile(path.join(folder, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

async function drop(server: string, name: string): Promise<void> {
  await withClient(server, async (client) => {
    const isLeft = async () =>
      (await client.query('select from pg_stat_activity where datname = $1', [name])).rowCount === 0;
    await until(isLeft, { what: `${name} is left`, timeout: CLOSE_WITHIN_MS }).catch(() => undefined);
    await client.query(`drop database if exists ${name} with (force)`);
  });
}

function run(server: string, sql: string): Promise<void> {
  return withClient(server, async (client) => {
    await client.query(sql);
  });
}

async function withClient(url: string, use: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  await use(client).finally(() => client.end());
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = database;
  return url.href;
}
