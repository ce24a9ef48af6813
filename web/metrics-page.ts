import type { Middleware } from 'koa';
import { PAGE_TYPE } from '../shared/metrics/prometheus.ts';
import type { Metrics } from '../shared/metrics/metrics.ts';

/** The figures of one machine, for Prometheus. Where they are sent to Cloud Monitoring there is no page. */
export function metricsPage({ page }: Metrics): Middleware {
  return async (ctx, next) => {
    if (page === null || ctx.path !== '/metrics' || ctx.method !== 'GET') {
      await next();
      return;
    }
    ctx.type = PAGE_TYPE;
    ctx.body = await page();
  };
}
