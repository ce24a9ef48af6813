import type { Middleware } from 'koa';
import helmet from 'koa-helmet';

/**
 * What browsers are told of every answer. None is a page, so nothing in it may load, run or be framed; none is for a
 * cache, because most hold what is one owner's; and no address of ours, which may be a signed one, is told to others.
 */
export function secureHeaders(): Middleware {
  const secure = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'frame-ancestors': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
      },
    },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
  });
  return async (ctx, next) => {
    ctx.set('Cache-Control', 'no-store');
    await secure(ctx, next);
  };
}
