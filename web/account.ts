import { z } from 'zod';
import { rows, type Db } from '../shared/db/connect.ts';
import { notFound } from './errors.ts';
import { route, type Route } from './route.ts';

const account = z
  .object({ id: z.uuid(), username: z.string(), email: z.string(), role: z.enum(['owner', 'admin']) })
  .meta({ id: 'OwnAccount' });

/** Who is logged in, for pages to show. */
export function accountRoutes(db: Db): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/account',
        summary: 'Who you are',
        tag: 'auth',
        owner: true,
        answers: { 200: { description: 'Your account.', schema: account } },
      },
      async ({ user }) => {
        const [found] = await rows<z.infer<typeof account>>(
          db,
          `select id, username, email, role from users where id = :id`,
          { id: user.id },
        );
        if (!found) throw notFound();
        return { status: 200, body: found };
      },
    ),
  ];
}
