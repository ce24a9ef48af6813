import type { Middleware } from 'koa';
import { ApiError } from '../errors.ts';

/** Time for a JSON body, which has some kilobytes. */
const BODY_MS = 20_000;

/** How long a client may go on sending what nobody reads, so that it gets to see the answer. */
const LINGER_MS = 30_000;

/** Ends the reading of a body that comes too slowly, whatever it is read by. */
export function limitBodyTime(read: Middleware, ms = BODY_MS): Middleware {
  return async (ctx, next) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const detail = `The body was not complete after ${ms / 1000} s. Send it again, faster.`;
        reject(new ApiError(408, 'body_too_slow', detail, { headers: { Connection: 'close' } }));
      }, ms);
    });
    const body = Promise.resolve(read(ctx, () => Promise.resolve()));
    await Promise.race([body, late]).finally(() => clearTimeout(timer));
    await next();
  };
}

/** Ends a connection on which a body goes on coming after its answer: a byte now and then would keep it for ever. */
export function endUnread(ms = LINGER_MS): Middleware {
  return async ({ req, res }, next) => {
    res.once('finish', () => {
      if (req.complete) return;
      const end = setTimeout(() => req.destroy(), ms).unref();
      req.once('end', () => clearTimeout(end));
      req.once('close', () => clearTimeout(end));
    });
    await next();
  };
}
