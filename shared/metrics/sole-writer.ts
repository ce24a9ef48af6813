import type { Db } from '../db/connect.ts';

/** Any constant serves, as long as every process uses the same and no other lock has it. */
const FLEET_LOCK = 7_203_117;
const LOCK_WITHIN_MS = 5_000;
/** A process that stops has little time. */
const UNLOCK_WITHIN_MS = 1_000;

/** What is used of a connection of the pool, which Knex does not type. */
interface PooledConnection {
  end(): Promise<void>;
}
interface Pool {
  acquireConnection(): Promise<PooledConnection>;
  releaseConnection(connection: PooledConnection): Promise<void>;
}

/** One process among all that share a database may write; who it is shows only when it tries. */
export interface SoleWriter {
  /**
   * Reads on the connection that holds the right, so that an answer proves that it is still held. Answers null when
   * another process holds it. An error gives the right up.
   */
  read<Result>(read: (connection: unknown) => Promise<Result>): Promise<Result | null>;
  /** Another process may write from now on. */
  letGo(): Promise<void>;
}

/**
 * The right to write is a lock of a session: whoever has it keeps it from round to round, so that a series has one
 * writer, and when its process dies the connection ends and the lock with it. (A lock taken anew each round would be
 * free between rounds, and all processes would write in turn.) Only the holder keeps a connection of its pool.
 */
export function soleWriter(db: Db): SoleWriter {
  const pool = db.client as Pool;
  let held: PooledConnection | undefined;
  let closed = false;

  async function tryToHold(): Promise<PooledConnection | undefined> {
    const connection = await pool.acquireConnection();
    try {
      const locked = await db
        .raw<{ rows: { locked: boolean }[] }>(LOCK, [FLEET_LOCK])
        .timeout(LOCK_WITHIN_MS)
        .connection(connection);
      if (locked.rows[0]?.locked && !closed) return connection;
    } catch (error) {
      await end(connection);
      throw error;
    }
    // Closed meanwhile: the lock must not go back to the pool with its connection.
    if (closed) await end(connection);
    else await pool.releaseConnection(connection);
    return undefined;
  }

  /** The end of the session is the end of its lock, whatever state it is in; the pool throws ended ones away. */
  async function end(connection: PooledConnection): Promise<void> {
    await connection.end().catch(() => {});
    await pool.releaseConnection(connection);
  }

  /** Gives the connection back without the lock; where that does not work, ends both. */
  async function unlock(connection: PooledConnection): Promise<void> {
    try {
      await db.raw(UNLOCK, [FLEET_LOCK]).timeout(UNLOCK_WITHIN_MS).connection(connection);
    } catch {
      return end(connection);
    }
    await pool.releaseConnection(connection);
  }

  function taken(): PooledConnection | undefined {
    const connection = held;
    held = undefined;
    return connection;
  }

  return {
    async read(read) {
      if (closed) return null;
      held ??= await tryToHold();
      if (!held) return null;
      try {
        return await read(held);
      } catch (error) {
        const connection = taken();
        if (connection) await end(connection);
        throw error;
      }
    },
    async letGo() {
      closed = true;
      const connection = taken();
      if (connection) await unlock(connection);
    },
  };
}

/**
 * A machine that loses its power ends no connection. Postgres would notice after two hours; these find it out, and free
 * the lock, within half a minute.
 */
const LOCK = /* sql */ `
select set_config('tcp_keepalives_idle', '15', false), set_config('tcp_keepalives_interval', '5', false),
       set_config('tcp_keepalives_count', '3', false), pg_try_advisory_lock(?) as locked
`;

const UNLOCK = /* sql */ `select pg_advisory_unlock(?)`;
