import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Middleware } from 'koa';
import { toApiError } from './errors.ts';
import type { RequestState } from './requests.ts';

/** Nobody is sent this one; logs know it from nginx. */
const CLIENT_WENT_AWAY = 499;

/** Turns whatever was thrown into problem+json, and logs the cause when the fault is ours. */
export function answerErrors(): Middleware<RequestState> {
  return async (ctx, next) => {
    try {
      await next();
    } catch (thrown) {
      if (brokeOff(ctx.req)) {
        ctx.status = CLIENT_WENT_AWAY;
        return;
      }
      const error = toApiError(thrown);
      if (error.status >= 500) ctx.state.log.error({ err: error.cause ?? error, code: error.code }, 'request failed');
      if (ctx.headerSent || ctx.res.destroyed) return;
      ctx.status = error.status;
      ctx.set(error.headers);
      ctx.body = JSON.stringify({
        type: 'about:blank',
        title: STATUS_CODES[error.status] ?? 'Error',
        status: error.status,
        detail: error.message,
        code: error.code,
        request_id: ctx.state.requestId,
        errors: error.fields,
      });
      ctx.type = 'application/problem+json';
    }
  };
}

/** Whether the client went away while it sent. A request that we gave up ourselves has another error, or none. */
function brokeOff(request: IncomingMessage): boolean {
  const { complete, errored } = request;
  return !complete && errored !== null && 'code' in errored && errored.code === 'ECONNRESET';
}
