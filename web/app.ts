import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import Koa, { type Context, type Middleware } from 'koa';
import type { Settings } from '../shared/env.ts';
import type { Log } from '../shared/log.ts';
import type { Tokens } from './auth/tokens.ts';
import { answerErrors } from './answer-errors.ts';
import { ApiError, methodNotAllowed, notFound } from './errors.ts';
import { endUnread, limitBodyTime } from './limits/body-time.ts';
import { secureHeaders } from './limits/headers.ts';
import { limitAddresses } from './limits/per-address.ts';
import { isProbe, logRequests, logUnsent, nameRequests, type RequestState } from './requests.ts';
import type { Route } from './route.ts';

/** The middleware, in the order in which a request meets it. */
export function createApp(options: {
  routes: Route[];
  others: Middleware[];
  tokens: Tokens;
  settings: Settings;
  log: Log;
}) {
  const { PUBLIC_URL, PROXY_ENTRIES, JSON_MAX_BYTES } = options.settings;
  const app = new Koa<RequestState>({ proxy: PUBLIC_URL !== undefined, maxIpsCount: PROXY_ENTRIES });
  app.use(nameRequests(options.log, options.settings));
  app.use(logRequests());
  app.use(secureHeaders());
  app.use(endUnread());
  app.use(answerErrors());
  app.use(limitAddresses(options.settings));
  if (PUBLIC_URL === undefined) app.use(refuseHost);
  app.use(missNothing);
  app.use(forgiveSlashes);
  for (const other of options.others) app.use(other);
  app.use(limitBodyTime(readJson(JSON_MAX_BYTES)));
  const router = routerOf(options.routes, options.tokens);
  app.use(router.routes());
  app.use(router.allowedMethods());
  app.on('error', (error: unknown) => logUnsent(options.log, error));
  return app;
}

function routerOf(routes: Route[], tokens: Tokens): Router<RequestState> {
  const router = new Router<RequestState>();
  for (const route of routes) {
    router[route.method](route.path.replaceAll(/\{(\w+)\}/g, ':$1'), async (ctx) => {
      const user = route.owner ? await tokens.authenticate(ctx.get('authorization')) : null;
      ctx.state.user = user;
      const reply = await route.handle({
        ctx,
        // An id that is no id is like one that nobody has.
        params: parseParams(route, ctx.params),
        query: route.query?.parse({ ...ctx.query }),
        headers: route.headers?.parse(ctx.headers),
        body: parseBody(route, ctx),
        user,
        requestId: ctx.state.requestId,
        trace: ctx.state.trace,
      });
      ctx.status = reply.status;
      ctx.set(reply.headers ?? {});
      if (reply.body !== undefined) ctx.body = reply.body;
    });
  }
  return router;
}

function parseParams(route: Route, params: Record<string, string>): unknown {
  const parsed = route.params?.safeParse(params);
  if (parsed && !parsed.success) throw notFound();
  return parsed?.data;
}

/** Undefined for a form, whose handler reads it from the stream. */
function parseBody(route: Route, ctx: Context): unknown {
  if (!route.body || (route.multipart && ctx.is('multipart/form-data'))) return undefined;
  // What was not read as JSON is there all the same: a missing field is not what is wrong with it.
  if (hasBody(ctx) && ctx.request.rawBody === undefined) {
    throw new ApiError(415, 'unsupported_media_type', 'Send the body as JSON, with Content-Type: application/json.');
  }
  return route.body.parse(ctx.request.body ?? {});
}

function hasBody({ request }: Context): boolean {
  return request.length === undefined ? request.get('transfer-encoding') !== '' : request.length > 0;
}

/** Addresses that we give out begin with the host we are asked at, so it has to be one. Balancers may leave it out. */
async function refuseHost(ctx: Context, next: () => Promise<unknown>): Promise<void> {
  if (!isProbe(ctx.path) && !URL.canParse(`${ctx.protocol}://${ctx.host}`)) {
    throw new ApiError(400, 'invalid_host', 'The Host header names no host. Send the one that you reach us at.');
  }
  await next();
}

/** What nothing below has answered does not exist, or not by this method. */
async function missNothing(ctx: Context, next: () => Promise<unknown>): Promise<void> {
  await next();
  if (ctx.body !== undefined) return;
  if (ctx.status === 404) throw notFound();
  if (ctx.status !== 405 && ctx.status !== 501) return;
  const allow = ctx.response.get('Allow');
  throw allow ? methodNotAllowed(allow) : notFound();
}

/** `/tasks//<id>` is how the original clients ask for a task. */
async function forgiveSlashes(ctx: Context, next: () => Promise<unknown>): Promise<void> {
  if (ctx.path.includes('//')) ctx.path = ctx.path.replaceAll(/\/{2,}/g, '/');
  await next();
}

function readJson(maxBytes: number): Middleware {
  return bodyParser({
    enableTypes: ['json'],
    jsonLimit: maxBytes,
    jsonStrict: true,
    onError: (error) => {
      const tooLarge = 'status' in error && error.status === 413;
      if (tooLarge) throw new ApiError(413, 'body_too_large', `A JSON body has at most ${maxBytes} bytes.`);
      throw new ApiError(
        400,
        'invalid_json',
        'The body is not JSON. Send an object with Content-Type: application/json.',
      );
    },
  });
}
