import { z } from 'zod';
import { profileSchema, type Profile } from '../shared/task/profile.ts';
import { route, type Route } from './route.ts';

export function profileRoutes(profiles: ReadonlyMap<string, Profile>): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/profiles',
        summary: 'What can be made of a video',
        tag: 'profiles',
        owner: false,
        answers: { 200: { description: 'The catalogue.', schema: z.array(profileSchema.meta({ id: 'Profile' })) } },
      },
      () => Promise.resolve({ status: 200, body: [...profiles.values()] }),
    ),
  ];
}
