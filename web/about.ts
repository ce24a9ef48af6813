import { z } from 'zod';
import { openApi } from './openapi.ts';
import { route, type Route } from './route.ts';

/** What the service says of itself: where it begins, and the description of all the routes. */
export function aboutRoutes(described: Route[]): Route[] {
  const routes = [
    route(
      {
        method: 'get',
        path: '/',
        summary: 'Where to go from here',
        tag: 'about',
        owner: false,
        answers: {
          200: {
            description: 'Links.',
            schema: z.object({ name: z.string(), openapi: z.string(), profiles: z.string(), ready: z.string() }),
          },
        },
      },
      () =>
        Promise.resolve({
          status: 200,
          body: { name: 'Claqueta', openapi: '/openapi.json', profiles: '/profiles', ready: '/readyz' },
        }),
    ),
    route(
      {
        method: 'get',
        path: '/openapi.json',
        summary: 'This description',
        tag: 'about',
        owner: false,
        answers: { 200: { description: 'OpenAPI 3.1.', schema: z.looseObject({ openapi: z.string() }) } },
      },
      () => Promise.resolve({ status: 200, body: document }),
    ),
  ];
  const document = openApi([...described, ...routes]);
  return routes;
}
