import type { Context } from 'koa';
import { z } from 'zod';
import type { Db } from '../../shared/db/connect.ts';
import { profileSchema, type Profile } from '../../shared/task/profile.ts';
import type { Tokens } from '../auth/tokens.ts';
import { ApiError, notFound, problemSchema } from '../errors.ts';
import { route, type Route } from '../route.ts';
import { checkOwn } from './choose.ts';
import { dropProfile, keepProfile, keptProfiles, MOST_PROFILES } from './kept.ts';

const params = z.object({ name: profileSchema.shape.name });
const shown = profileSchema
  .extend({ own: z.boolean().describe('Yours alone; else of the catalogue.') })
  .meta({ id: 'ShownProfile' });
const theProfile = { description: 'The profile.', schema: shown };
const gone = { description: 'You have none of this name.', schema: problemSchema };

export function profileRoutes(
  { db, tokens }: { db: Db; tokens: Tokens },
  catalog: ReadonlyMap<string, Profile>,
): Route[] {
  /** Whoever is logged in sees their own, too; the catalogue is for everybody. */
  async function ownOf(ctx: Context): Promise<Profile[]> {
    const user = await tokens.authenticate(ctx.get('authorization')).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    });
    return user ? keptProfiles(db, user.id) : [];
  }

  return [
    route(
      {
        method: 'get',
        path: '/profiles',
        summary: 'What can be made of a video',
        tag: 'profiles',
        owner: false,
        answers: { 200: { description: 'The catalogue, and your own with a token.', schema: z.array(shown) } },
      },
      async ({ ctx }) => {
        const own = (await ownOf(ctx)).map((profile) => ({ ...profile, own: true }));
        return { status: 200, body: [...[...catalog.values()].map((profile) => ({ ...profile, own: false })), ...own] };
      },
    ),
    route(
      {
        method: 'put',
        path: '/profiles/{name}',
        summary: 'Keep a profile of your own',
        tag: 'profiles',
        owner: true,
        params,
        body: profileSchema.omit({ name: true }).meta({ id: 'OwnProfile' }),
        answers: {
          200: theProfile,
          404: { description: 'This cannot be a name.', schema: problemSchema },
          409: {
            description: `The catalogue has this name, or you have ${MOST_PROFILES} already.`,
            schema: problemSchema,
          },
        },
      },
      async ({ params: { name }, body, user }) => {
        if (catalog.has(name)) throw new ApiError(409, 'name_taken', 'The catalogue has a profile of this name.');
        const profile = checkOwn({ ...body, name }, catalog);
        if (await keepProfile(db, user.id, profile)) return { status: 200, body: { ...profile, own: true } };
        throw new ApiError(409, 'too_many_profiles', `You have ${MOST_PROFILES} profiles, the most there may be.`);
      },
    ),
    route(
      {
        method: 'get',
        path: '/profiles/{name}',
        summary: 'Read a profile, of the catalogue or your own',
        tag: 'profiles',
        owner: true,
        params,
        answers: { 200: theProfile, 404: gone },
      },
      async ({ params: { name }, user }) => {
        const listed = catalog.get(name);
        if (listed) return { status: 200, body: { ...listed, own: false } };
        const own = (await keptProfiles(db, user.id)).find((profile) => profile.name === name);
        if (!own) throw notFound();
        return { status: 200, body: { ...own, own: true } };
      },
    ),
    route(
      {
        method: 'delete',
        path: '/profiles/{name}',
        summary: 'Forget a profile of your own',
        tag: 'profiles',
        owner: true,
        params,
        answers: { 204: { description: 'Forgotten; tasks have their own copy.' }, 404: gone },
      },
      async ({ params: { name }, user }) => {
        if (await dropProfile(db, user.id, name)) return { status: 204 };
        throw notFound();
      },
    ),
  ];
}
