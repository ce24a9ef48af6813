import { z } from 'zod';
import { openApi } from './openapi.ts';
import { collectionOf } from './reference/collection.ts';
import type { Description } from './reference/operations.ts';
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
    route(
      {
        method: 'get',
        path: '/docs',
        summary: 'The reference, for browsers; for others where to find it',
        tag: 'about',
        owner: false,
        answers: {
          200: { description: 'Links.', schema: z.object({ openapi: z.string(), collection: z.string() }) },
          302: { description: 'To the reference, for whoever asks for HTML.' },
        },
      },
      () => Promise.resolve({ status: 200, body: { openapi: '/openapi.json', collection: '/collection.json' } }),
    ),
    route(
      {
        method: 'get',
        path: '/collection.json',
        summary: 'The routes as a collection for Postman, Bruno or Insomnia',
        tag: 'about',
        owner: false,
        answers: {
          200: { description: 'Postman collection 2.1.', schema: z.looseObject({ item: z.array(z.unknown()) }) },
        },
      },
      () => Promise.resolve({ status: 200, body: collection }),
    ),
  ];
  const document = openApi([...described, ...routes]);
  const collection = collectionOf(document as unknown as Description);
  return routes;
}
