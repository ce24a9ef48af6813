import type pg from 'pg';
import type { Db } from './connect.ts';

/** What knex has of its pool, by its own name for it. */
interface Pool {
  acquireConnection(): Promise<pg.Client>;
  releaseConnection(connection: pg.Client): Promise<void>;
}

interface Statement {
  name: string;
  /** With `$1`, `$2` and so on. */
  text: string;
  /** Names of the bindings, in that order. */
  bindings: string[];
}

/** By their text as it was given. As many as are written down in our code: no text may hold a value. */
const statements = new Map<string, Statement>();

/**
 * Rows of one statement with named bindings, as `rows` has them, for what is asked all the time: each connection parses and
 * plans it once, which takes Postgres longer than to run it, and it goes past knex, which takes as long again as pg.
 *
 * Postgres may come to use one plan for whatever is bound. A condition that may be missing is therefore better left out of
 * the text than tested in it, and a limit that is bound stands round one that is written out.
 *
 * @param db not a transaction
 */
export async function preparedRows<Row>(db: Db, sql: string, bindings: Record<string, unknown>): Promise<Row[]> {
  const statement = statements.get(sql) ?? prepare(sql);
  const values = statement.bindings.map((name) => valueOf(bindings, name));
  const pool = db.client as Pool;
  const connection = await pool.acquireConnection();
  try {
    return await ask<Row>(connection, { name: statement.name, text: statement.text, values });
  } catch (error) {
    if (!isOutdated(error)) throw error;
    // Under another name from now on: the old one would be refused each time for as long as the connection lasts.
    statement.name = nextName();
    return await ask<Row>(connection, { name: statement.name, text: statement.text, values });
  } finally {
    await pool.releaseConnection(connection);
  }
}

function prepare(sql: string): Statement {
  const bindings: string[] = [];
  // Not the second colon of a cast.
  const text = sql.replaceAll(/(?<!:):(\w+)/g, (_, name: string) => {
    if (!bindings.includes(name)) bindings.push(name);
    return `$${bindings.indexOf(name) + 1}`;
  });
  const statement = { name: nextName(), text, bindings };
  statements.set(sql, statement);
  return statement;
}

let named = 0;

/** Its own for each text, and another one once a text has to be planned anew: connections are this process's alone. */
function nextName(): string {
  return `statement-${++named}`;
}

function valueOf(bindings: Record<string, unknown>, name: string): unknown {
  const value = bindings[name];
  if (value === undefined) throw new Error(`the binding ${name} is missing`);
  return value;
}

/** By a callback, as knex does: what `closeWhenSilent` watches. */
function ask<Row>(connection: pg.Client, query: pg.QueryConfig): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    connection.query(query, (error: Error | undefined, result: pg.QueryResult) => {
      if (error) reject(error);
      else resolve(result.rows as Row[]);
    });
  });
}

/** A migration has changed the type of a column since: the connection would refuse the statement for as long as it lasts. */
function isOutdated(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '0A000';
}
