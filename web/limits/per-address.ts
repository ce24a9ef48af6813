import type { Middleware } from 'koa';
import { clientAddress, networkOf } from '../client-address.ts';
import { ApiError } from '../errors.ts';
import { isProbe } from '../requests.ts';
import { ratePerMinute } from './rate.ts';

interface AddressLimits {
  REQUESTS_PER_MINUTE: number;
  REQUESTS_AT_ONCE: number;
}

/**
 * Refuses whoever asks too often or too much at once. Each process counts for itself: of n behind a balancer, an address
 * gets n times as much. What balancers ask is never refused.
 */
export function limitAddresses({ REQUESTS_PER_MINUTE, REQUESTS_AT_ONCE }: AddressLimits): Middleware {
  const take = ratePerMinute(REQUESTS_PER_MINUTE);
  const running = new Map<string, number>();
  return async (ctx, next) => {
    if (isProbe(ctx.path)) {
      await next();
      return;
    }
    const place = networkOf(clientAddress(ctx));
    const wait = take(place, Date.now());
    if (wait > 0) {
      throw tooMany(wait, `At most ${REQUESTS_PER_MINUTE} requests a minute are taken from one address.`);
    }
    const count = running.get(place) ?? 0;
    if (count >= REQUESTS_AT_ONCE) {
      throw tooMany(1, `At most ${REQUESTS_AT_ONCE} requests of one address run at the same time.`);
    }
    running.set(place, count + 1);
    // Ends also where the client went away; a request is over only when its answer has been sent or cannot be.
    ctx.res.once('close', () => {
      const left = (running.get(place) ?? 1) - 1;
      if (left > 0) running.set(place, left);
      else running.delete(place);
    });
    await next();
  };
}

function tooMany(seconds: number, why: string): ApiError {
  return new ApiError(429, 'too_many_requests', `${why} Wait ${seconds} s and ask less often.`, {
    headers: { 'Retry-After': String(seconds) },
  });
}
