import { z } from 'zod';
import type { Db } from '../../shared/db/connect.ts';
import type { Settings } from '../../shared/env.ts';
import { readFleet } from '../../shared/task/fleet.ts';
import { stepKinds } from '../../shared/task/states.ts';
import { countFailures, countWaiting, readWorkers, type WorkerRow } from '../../shared/task/workers.ts';

/** How the fleet is, at a glance. */
export const fleetView = z
  .object({
    paused: z.boolean(),
    paused_at: z.iso.datetime().nullable(),
    paused_by: z.string().nullable(),
    waiting: z.object({
      steps: z.int().describe('Steps that could run now.'),
      oldest_seconds: z.number().describe('How long the first of them has been waiting.'),
    }),
    workers: z.array(
      z.object({
        name: z.string(),
        slots: z.int(),
        started_at: z.iso.datetime(),
        seen_at: z.iso.datetime(),
        steps: z.array(
          z.object({
            task_id: z.uuid(),
            kind: z.enum(stepKinds),
            part: z.int().nullable(),
            attempt: z.int(),
            progress: z.number().describe('0 to 1.'),
            started_at: z.string(),
          }),
        ),
      }),
    ),
    speed: z.object({
      clips_last_10_minutes: z.int(),
      source_seconds_per_second: z.number().describe('Seconds of source cut in a second, over ten minutes.'),
    }),
    failures: z
      .array(z.object({ code: z.string(), count: z.int() }))
      .describe('Why tasks submitted in the last 24 hours failed.'),
    links: z.object({ dashboard: z.string().optional(), runbooks: z.string().optional() }),
  })
  .meta({ id: 'FleetView' });

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

function speedOf(workers: WorkerRow[]) {
  const sum = (of: (worker: WorkerRow) => number) => workers.reduce((total, worker) => total + of(worker), 0);
  return {
    clips_last_10_minutes: sum(({ clips }) => clips),
    source_seconds_per_second: sum(({ source_seconds }) => source_seconds) / 600,
  };
}
