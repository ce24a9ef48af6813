import { z } from 'zod';
import { rows, type Db } from '../../shared/db/connect.ts';
import type { Settings } from '../../shared/env.ts';
import { readFleet } from '../../shared/task/fleet.ts';
import { countFailures, countWaiting, readWorkers, type WorkerRow } from '../../shared/task/workers.ts';
import type { fleetView } from './schema.ts';

type Links = Pick<Settings, 'DASHBOARD_URL' | 'RUNBOOKS_URL'>;

/** Reads all of it at once. */
export async function viewFleet(db: Db, links: Links): Promise<z.input<typeof fleetView>> {
  const [fleet, waiting, workers, failures] = await Promise.all([
    readFleet(db),
    countWaiting(db),
    readWorkers(db),
    countFailures(db),
  ]);
  return {
    ...{ paused: fleet.paused, paused_at: fleet.paused_at?.toISOString() ?? null, paused_by: fleet.paused_by },
    paused_by_name: await nameOf(db, fleet.paused_by),
    waiting,
    workers: workers.map(({ name, slots, started_at, seen_at, steps }) => ({
      ...{ name, slots, steps },
      ...{ started_at: started_at.toISOString(), seen_at: seen_at.toISOString() },
    })),
    speed: speedOf(workers),
    failures,
    links: {
      ...(links.DASHBOARD_URL && { dashboard: links.DASHBOARD_URL }),
      ...(links.RUNBOOKS_URL && { runbooks: links.RUNBOOKS_URL }),
    },
  };
}

/** Null for what is no account: the operator command pauses too. */
async function nameOf(db: Db, by: string | null): Promise<string | null> {
  if (!by || !z.uuid().safeParse(by).success) return null;
  const [found] = await rows<{ username: string }>(db, `select username from users where id = :by`, { by });
  return found?.username ?? null;
}

function speedOf(workers: WorkerRow[]) {
  const sum = (of: (worker: WorkerRow) => number) => workers.reduce((total, worker) => total + of(worker), 0);
  return {
    clips_last_10_minutes: sum(({ clips }) => clips),
    source_seconds_per_second: sum(({ source_seconds }) => source_seconds) / 600,
  };
}
