import type { Middleware } from 'koa';
import { uuidv7 } from 'uuidv7';
import { childLog, traceField, type Log, type TraceSettings } from '../shared/log.ts';
import { traceOf } from '../shared/trace.ts';
import type { User } from './auth/tokens.ts';

export interface RequestState {
  requestId: string;
  trace: string;
  log: Log;
  user: User | null;
}

/** An id that a proxy or client has given is kept, when it can do no harm in a log. */
const GIVEN_ID = /^[A-Za-z0-9_-]{8,64}$/;

/** Gives each request an id, under which the log has whatever became of it. */
export function nameRequests(log: Log, settings: TraceSettings): Middleware<RequestState> {
  return async (ctx, next) => {
    const given = ctx.get('x-request-id');
    ctx.state.requestId = GIVEN_ID.test(given) ? given : uuidv7();
    ctx.state.trace = traceOf({ traceparent: ctx.get('traceparent'), cloudTrace: ctx.get('x-cloud-trace-context') });
    ctx.state.log = childLog(log, { request_id: ctx.state.requestId, ...traceField(settings, ctx.state.trace) });
    ctx.set('X-Request-Id', ctx.state.requestId);
    await next();
  };
}

/** What balancers ask. */
export function isProbe(path: string): boolean {
  return path === '/livez' || path === '/readyz';
}

/** Ours are shorter. */
const LONGEST_PATH = 200;

/** One line a request. Never its query or body: they may hold what is secret. */
export function logRequests(): Middleware<RequestState> {
  return async (ctx, next) => {
    const began = performance.now();
    await next();
    const ms = Math.round(performance.now() - began);
    ctx.state.log[isProbe(ctx.path) ? 'debug' : 'info'](
      { method: ctx.method, path: ctx.path.slice(0, LONGEST_PATH), status: ctx.status, ms, owner: ctx.state.user?.id },
      'request',
    );
  };
}

/** What a connection breaks with when its client closes or resets it. */
const CLIENT_WENT_AWAY = ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'HPE_INVALID_EOF_STATE'];

/** An answer that did not reach its client; that the client has left is nobody's fault. */
export function logUnsent(log: Log, error: unknown): void {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (CLIENT_WENT_AWAY.includes(code)) log.info({ code }, 'the client went away');
  else log.warn({ err: error }, 'an answer could not be sent');
}
