import { z } from 'zod';
import { stepKinds } from '../../shared/task/states.ts';

/** How the fleet is, at a glance. */
export const fleetView = z
  .object({
    paused: z.boolean(),
    paused_at: z.iso.datetime().nullable(),
    paused_by: z.string().nullable(),
    paused_by_name: z.string().nullable().describe('The name of the account that paused it, where it was one.'),
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

/** Who did what. */
export const auditLine = z
  .object({
    at: z.iso.datetime(),
    event: z.string(),
    user_id: z.uuid().nullable().describe('Null for somebody unknown, and for operators at the machine.'),
    task_id: z.uuid().nullable(),
    address: z.string().nullable().describe('Of the client; null for what the service did by itself.'),
    request_id: z.string().nullable(),
  })
  .meta({ id: 'AuditLine' });
