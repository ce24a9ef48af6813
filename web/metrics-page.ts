import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, Middleware } from 'koa';
import { PAGE_TYPE } from '../shared/metrics/prometheus.ts';
import type { Metrics } from '../shared/metrics/metrics.ts';

interface PageSettings {
  METRICS_TOKEN?: string | undefined;
  PUBLIC_URL?: string | undefined;
}

/**
 * The figures of one machine, for Prometheus. Where they are sent to Cloud Monitoring there is no page, and for whoever
 * may not read it there is none either.
 */
export function metricsPage({ page }: Metrics, settings: PageSettings): Middleware {
  return async (ctx, next) => {
    if (page === null || ctx.path !== '/metrics' || !['GET', 'HEAD'].includes(ctx.method) || !mayRead(ctx, settings)) {
      await next();
      return;
    }
    ctx.type = PAGE_TYPE;
    ctx.body = await page();
  };
}

/** Who has the token; where there is none, this machine itself. */
function mayRead(ctx: Context, { METRICS_TOKEN, PUBLIC_URL }: PageSettings): boolean {
  if (METRICS_TOKEN !== undefined) return isSame(ctx.get('authorization'), `Bearer ${METRICS_TOKEN}`);
  // A proxy on this machine hands on what comes from everywhere.
  return PUBLIC_URL === undefined && !forwarding.some((name) => ctx.get(name)) && isLoopback(ctx);
}

const forwarding = ['forwarded', 'x-forwarded-for', 'via'];

function isLoopback({ req }: Context): boolean {
  return /^(::ffff:)?127\.|^::1$/.test(req.socket.remoteAddress ?? '');
}

/** In a time that does not tell how much of it is right. */
function isSame(given: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(right));
}
