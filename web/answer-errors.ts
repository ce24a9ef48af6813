import { STATUS_CODES } from 'node:http';
import type { Middleware } from 'koa';
import { toApiError } from './errors.ts';
import type { RequestState } from './requests.ts';

/** Turns whatever was thrown into problem+json, and logs the cause when the fault is ours. */
export function answerErrors(): Middleware<RequestState> {
  return async (ctx, next) => {
    try {
      await next();
    } catch (thrown) {
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
