import { z } from 'zod';
import type { Db } from '../../shared/db/connect.ts';
import { costOf, keptBytes, usedByDay } from '../../shared/task/usage.ts';
import { ApiError } from '../errors.ts';
import { route, type Route } from '../route.ts';

const DAY_MS = 24 * 3600 * 1000;
const MOST_DAYS = 366;

const query = z.object({
  from: z.iso.date().optional().describe('First day, in UTC; 30 days before `to` when not given.'),
  to: z.iso.date().optional().describe('Last day; today when not given.'),
});

const used = {
  sources: z.int().describe('Sources taken in.'),
  source_bytes: z.int(),
  cpu_seconds: z.number().describe('Of the FFmpegs that ran to their end, failed attempts included.'),
  estimated_cost: z.number().describe('`cpu_seconds` at the price that the operator has set.'),
};

const usageSchema = z
  .object({
    from: z.iso.date(),
    to: z.iso.date(),
    currency: z.literal('USD'),
    price_cpu_hour: z.number(),
    stored_bytes: z.int().describe('What you keep now: sources and clips.'),
    total: z.object(used),
    days: z.array(z.object({ day: z.iso.date(), ...used })).describe('Days on which something was used.'),
  })
  .meta({ id: 'Usage' });

/** @param price of an hour of processor time, in USD */
export function usageRoutes(db: Db, price: number): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/usage',
        summary: 'What you have used, by day',
        tag: 'usage',
        owner: true,
        query,
        answers: { 200: { description: 'Usage. Removed tasks count, too.', schema: usageSchema } },
      },
      async ({ query, user }) => {
        const { from, to } = range(query, new Date());
        const days = (await usedByDay(db, user.id, from, to)).map((day) => ({
          ...day,
          estimated_cost: costOf(day.cpu_seconds, price),
        }));
        const sum = (of: (day: (typeof days)[number]) => number) => days.reduce((total, day) => total + of(day), 0);
        const cpu = sum((day) => day.cpu_seconds);
        const total = {
          sources: sum((day) => day.sources),
          source_bytes: sum((day) => day.source_bytes),
          cpu_seconds: cpu,
          estimated_cost: costOf(cpu, price),
        };
        const kept = { stored_bytes: await keptBytes(db, user.id) };
        return { status: 200, body: { from, to, currency: 'USD', price_cpu_hour: price, ...kept, total, days } };
      },
    ),
  ];
}

/** @throws ApiError 400 for a range that is none, or too long */
function range({ from, to }: z.infer<typeof query>, now: Date): { from: string; to: string } {
  const last = to ?? now.toISOString().slice(0, 10);
  const first = from ?? new Date(Math.max(Date.parse(last) - 30 * DAY_MS, 0)).toISOString().slice(0, 10);
  const days = (Date.parse(last) - Date.parse(first)) / DAY_MS;
  if (days >= 0 && days < MOST_DAYS) return { from: first, to: last };
  throw new ApiError(400, 'invalid_range', `Ask for 1 to ${MOST_DAYS} days, \`from\` not after \`to\`.`);
}
