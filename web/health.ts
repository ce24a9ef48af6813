import { z } from 'zod';
import type { Db } from '../shared/db/connect.ts';
import { isMigrated } from '../shared/db/migrate.ts';
import type { Queue } from '../shared/queue/queue.ts';
import type { Storage } from '../shared/storage/storage.ts';
import { route, type Route } from './route.ts';

/** A balancer asks every few seconds and gives up after five. */
const CHECK_MS = 2_000;

const readiness = z.object({
  ready: z.boolean(),
  checks: z.record(z.string(), z.enum(['ok', 'failing'])),
  details: z.record(z.string(), z.unknown()).optional(),
});

/**
 * `/livez`: the process answers. `/readyz`: it can serve, because what it stands on answers too.
 * @param details what an operator may want to know besides; none of it makes the service unready
 */
export function healthRoutes(db: Db, queue: Queue, storage: Storage, details?: Record<string, unknown>): Route[] {
  const checks = {
    database: async () => {
      if (!(await isMigrated(db))) throw new Error('the schema is not the newest: run the migrations');
    },
    queue: () => queue.check(),
    storage: () => storage.check(),
  };
  return [
    route(
      {
        method: 'get',
        path: '/livez',
        summary: 'Whether the process is alive',
        tag: 'health',
        owner: false,
        answers: { 200: { description: 'Alive.', schema: z.object({ alive: z.literal(true) }) } },
      },
      () => Promise.resolve({ status: 200, body: { alive: true } }),
    ),
    route(
      {
        method: 'get',
        path: '/readyz',
        summary: 'Whether the service can be used',
        tag: 'health',
        owner: false,
        answers: {
          200: { description: 'Ready.', schema: readiness },
          503: { description: 'Not ready; `checks` says what is missing.', schema: readiness },
        },
      },
      async ({ ctx }) => {
        const results = await Promise.all(
          Object.entries(checks).map(async ([name, check]) => [name, await answers(check, name, ctx.state)] as const),
        );
        // A broker that is away must not take every web instance out of the balancer; see decision 7.
        const ready = results.every(([name, result]) => result === 'ok' || name === 'queue');
        return { status: ready ? 200 : 503, body: { ready, checks: Object.fromEntries(results), details } };
      },
    ),
  ];
}

async function answers(
  check: () => Promise<void>,
  name: string,
  state: { log?: { warn(fields: object, text: string): void } },
) {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${CHECK_MS} ms`)), CHECK_MS);
  });
  try {
    await Promise.race([check(), tooLate]);
    return 'ok';
  } catch (error) {
    state.log?.warn({ err: error, check: name }, 'not ready');
    return 'failing';
  } finally {
    clearTimeout(timer);
  }
}
