import { OpenApiGeneratorV31, OpenAPIRegistry, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { problemSchema } from './errors.ts';
import type { Route } from './route.ts';

const VERSION = '1';

/** The OpenAPI 3.1 document of the routes, from the schemas that validate them. */
export function openApi(routes: Route[]) {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' });
  for (const route of routes) registry.registerPath(pathOf(route));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Claqueta',
      version: VERSION,
      description: 'Hand over a video and get back finished clips. Errors are problem+json (RFC 9457) with a `code`.',
    },
    servers: [{ url: '/' }],
  });
}

function pathOf(route: Route): RouteConfig {
  const content = {
    ...(route.body && { 'application/json': { schema: route.body } }),
    ...(route.multipart && { 'multipart/form-data': { schema: route.multipart } }),
  };
  return {
    method: route.method,
    path: route.path,
    summary: route.summary,
    tags: [route.tag],
    ...(route.owner && { security: [{ bearer: [] }] }),
    request: {
      ...(route.params && { params: route.params }),
      ...(route.query && { query: route.query }),
      ...(route.headers && { headers: route.headers }),
      ...(route.body && { body: { content, required: true } }),
    },
    responses: Object.fromEntries(
      Object.entries(answersOf(route)).map(([status, { description, schema, headers, mediaType }]) => [
        status,
        {
          description,
          ...(headers && { headers: z.object(mapValues(headers, (text) => z.string().optional().describe(text))) }),
          ...(schema && { content: { [typeOf(Number(status), schema)]: { schema } } }),
          ...(mediaType && { content: { [mediaType]: { schema: z.string() } } }),
        },
      ]),
    ),
  };
}

/** What any route can answer besides its own. */
function answersOf(route: Route): Route['answers'] {
  const problem = (description: string) => ({ description, schema: problemSchema });
  const answers: Route['answers'] = {
    400: problem('The request is not right; `detail` says what to change.'),
    429: problem('Too much at once; ask again after `Retry-After` seconds.'),
    500: problem('Our fault; the log has the cause under the request id.'),
    503: problem('Not available at the moment; try again after `Retry-After` seconds.'),
  };
  if (route.method === 'post' || route.method === 'put') {
    answers[408] = problem('The body came too slowly.');
    answers[413] = problem('The body is too large.');
  }
  if (route.body) answers[415] = problem('The body is not sent as JSON.');
  if (route.owner) answers[401] = problem('Log in first.');
  return { ...answers, ...route.answers };
}

function typeOf(status: number, schema: z.ZodType): string {
  return status >= 400 && schema === problemSchema ? 'application/problem+json' : 'application/json';
}

function mapValues<A, B>(record: Record<string, A>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
