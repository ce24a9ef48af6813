import { z } from 'zod';
import { audit } from '../../shared/audit.ts';
import type { Parts } from '../../shared/parts.ts';
import { countReady, pauseFleet, resumeFleet, type Fleet } from '../../shared/task/fleet.ts';
import { problemSchema } from '../errors.ts';
import { originOf } from '../origin.ts';
import { route, type Route } from '../route.ts';
import { auditRoutes } from './audit.ts';
import { viewFleet } from './fleet-view.ts';
import { requireAdmin } from './require-admin.ts';
import { fleetView } from './schema.ts';

const fleet = z
  .object({
    paused: z.boolean(),
    paused_at: z.iso.datetime().nullable(),
    paused_by: z.string().nullable(),
  })
  .meta({ id: 'Fleet' });

const answers = {
  200: { description: 'What the workers do.', schema: fleet },
  403: { description: 'For operators only.', schema: problemSchema },
};

const common = { tag: 'operators', owner: true, answers } as const;

/** Operators see whether the workers claim, stop and restart that, and read the audit. */
export function adminRoutes({ db, queue, log, settings }: Parts): Route[] {
  return [
    ...auditRoutes(db),
    route(
      {
        ...{ method: 'get', path: '/admin/fleet', summary: 'How the fleet is' },
        ...common,
        answers: { ...answers, 200: { description: 'What waits, who works and at what.', schema: fleetView } },
      },
      async ({ user }) => {
        requireAdmin(user);
        return { status: 200, body: await viewFleet(db, settings) };
      },
    ),
    route(
      { method: 'post', path: '/admin/fleet/pause', summary: 'Claim no new step; running steps end', ...common },
      async ({ user, ...request }) => {
        requireAdmin(user);
        const paused = await pauseFleet(db, user.id);
        log.info({ owner: user.id }, 'the fleet is paused');
        await audit(db, { event: 'fleet_paused', user: user.id, ...originOf(request) });
        return { status: 200, body: view(paused) };
      },
    ),
    route(
      { method: 'post', path: '/admin/fleet/resume', summary: 'Claim again', ...common },
      async ({ user, ...request }) => {
        requireAdmin(user);
        const resumed = await resumeFleet(db);
        log.info({ owner: user.id }, 'the fleet goes on');
        await audit(db, { event: 'fleet_resumed', user: user.id, ...originOf(request) });
        const ready = await countReady(db);
        if (ready > 0) {
          queue.announce(ready).catch((error: unknown) => log.warn({ err: error }, 'could not announce what waits'));
        }
        return { status: 200, body: view(resumed) };
      },
    ),
  ];
}

function view({ paused, paused_at, paused_by }: Fleet): z.input<typeof fleet> {
  return { paused, paused_at: paused_at?.toISOString() ?? null, paused_by };
}
