import { rows, type Db } from '../db/connect.ts';

export interface UsedDay {
  /** `2026-11-21`, in UTC. */
  day: string;
  /** Sources taken in, and their bytes. */
  sources: number;
  source_bytes: number;
  cpu_seconds: number;
}

/** What an owner used on each day from `from` to `to`, both inclusive; days without any are missing. */
export async function usedByDay(db: Db, owner: string, from: string, to: string): Promise<UsedDay[]> {
  const found = await rows<Omit<UsedDay, 'source_bytes'> & { source_bytes: string }>(
    db,
    `select cast(day as text) as day, sources, source_bytes, cpu_seconds from usage_days
     where owner_id = :owner and day between cast(:from as date) and cast(:to as date) order by usage_days.day`,
    { owner, from, to },
  );
  return found.map((used) => ({ ...used, source_bytes: Number(used.source_bytes) }));
}

/** Bytes that an owner keeps now: sources and clips. */
export async function keptBytes(db: Db, owner: string): Promise<number> {
  const [row] = await rows<{ bytes: string }>(
    db,
    `select coalesce(sum(coalesce(stored_bytes, cast(media ->> 'bytes' as bigint))), 0) as bytes
     from tasks where owner_id = :owner`,
    { owner },
  );
  return Number(row?.bytes ?? 0);
}

/** What processor time costs, in USD, rounded to a millionth. Pure. */
export function costOf(cpuSeconds: number, pricePerHour: number): number {
  return Math.round((cpuSeconds / 3600) * pricePerHour * 1e6) / 1e6;
}
