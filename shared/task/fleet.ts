import { rows, type Db } from '../db/connect.ts';

/** What all workers do. Paused, they claim no new step; running steps end. */
export interface Fleet {
  paused: boolean;
  paused_at: Date | null;
  paused_by: string | null;
}

/**
 * Stops all claims, from the next one on.
 *
 * @param by who did it, for whoever wonders why nothing moves
 */
export async function pauseFleet(db: Db, by: string): Promise<Fleet> {
  return change(db, `paused_at = coalesce(paused_at, clock_timestamp()), paused_by = coalesce(paused_by, :by)`, by);
}

/** Lets workers claim again. Announce what waits afterwards, or they find it when they next look. */
export async function resumeFleet(db: Db): Promise<Fleet> {
  return change(db, `paused_at = null, paused_by = null`);
}

export async function readFleet(db: Db): Promise<Fleet> {
  const [fleet] = await rows<Fleet>(db, `select paused_at is not null as paused, paused_at, paused_by from fleet`);
  return fleet ?? { paused: false, paused_at: null, paused_by: null };
}

async function change(db: Db, set: string, by?: string): Promise<Fleet> {
  await db.raw(`update fleet set ${set}`, by === undefined ? {} : { by });
  return readFleet(db);
}

/** Steps that could be claimed now, to be announced when the fleet goes on. */
export async function countReady(db: Db, most = 1_000): Promise<number> {
  const [row] = await rows<{ ready: number }>(
    db,
    `select count(*)::integer as ready from (
       select from steps where state = 'waiting' and ready_at <= statement_timestamp() limit :most
     ) as waiting`,
    { most },
  );
  return row?.ready ?? 0;
}
