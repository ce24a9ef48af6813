import { z } from 'zod';
import { readAudit, type AuditRow } from '../../shared/audit.ts';
import type { Db } from '../../shared/db/connect.ts';
import { problemSchema } from '../errors.ts';
import { route, type Route } from '../route.ts';
import { requireAdmin } from './require-admin.ts';
import { auditLine } from './schema.ts';

const query = z.object({
  max: z.coerce.number().int().min(1).max(100).default(20).describe('Most rows.'),
  cursor: z
    .string()
    .regex(/^\d{1,18}$/, 'The cursor is not one of ours. Take it from the Link header.')
    .optional()
    .describe('From the Link header of the page before.'),
});

/** Who did what, for operators. */
export function auditRoutes(db: Db): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/admin/audit',
        summary: 'Who did what, newest first',
        tag: 'operators',
        owner: true,
        query,
        answers: {
          200: {
            description: 'A page of the audit.',
            schema: z.array(auditLine),
            headers: { Link: 'rel="next": the next page, when there is one.' },
          },
          403: { description: 'For operators only.', schema: problemSchema },
        },
      },
      async ({ query: { max, cursor }, user }) => {
        requireAdmin(user);
        const { lines, more } = await readAudit(db, { max, before: cursor ?? null });
        const last = more ? lines.at(-1) : undefined;
        return {
          status: 200,
          body: lines.map(view),
          headers: last && { Link: `</admin/audit?max=${max}&cursor=${last.id}>; rel="next"` },
        };
      },
    ),
  ];
}

function view({ at, event, user_id, task_id, address, request_id }: AuditRow): z.input<typeof auditLine> {
  return { at: at.toISOString(), event, user_id, task_id, address, request_id };
}
