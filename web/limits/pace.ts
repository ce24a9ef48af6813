import type { IncomingMessage } from 'node:http';
import { rateOver, ticksInWindow } from '../../shared/fetch/rate.ts';
import { ApiError } from '../errors.ts';

export interface PaceLimits {
  /** Longest upload, in seconds. */
  seconds: number;
  /** Slowest upload, over every window; 0 leaves it to `seconds`. */
  minBytesPerSecond: number;
  /** Seconds over which the rate is measured. */
  windowSeconds?: number;
}

export interface Pace {
  /** Aborts with the error to answer when the upload is too slow. */
  signal: AbortSignal;
  stop(): void;
}

/** A byte now and then keeps a connection from being idle, so what counts is the rate, and the time in all. */
export function watchPace({ socket }: IncomingMessage, limits: PaceLimits): Pace {
  const { seconds, minBytesPerSecond, windowSeconds = 30 } = limits;
  const slow = new AbortController();
  const giveUp = () => slow.abort(tooSlow(limits));
  const rate = rateOver(windowSeconds);
  const before = socket.bytesRead;
  const ticks = setInterval(
    () => {
      const measured = rate(socket.bytesRead - before);
      if (measured !== null && measured < minBytesPerSecond) giveUp();
    },
    (windowSeconds * 1000) / ticksInWindow,
  );
  // Beyond 2^31 ms a timer fires at once.
  const wall = setTimeout(giveUp, Math.min(seconds * 1000, 2 ** 31 - 1));
  return {
    signal: slow.signal,
    stop() {
      clearInterval(ticks);
      clearTimeout(wall);
    },
  };
}

/** @param limits as they are told to the client */
export function tooSlow({ seconds, minBytesPerSecond }: PaceLimits): ApiError {
  return new ApiError(
    408,
    'upload_too_slow',
    `The upload was too slow. Send at least ${minBytesPerSecond} bytes a second, and all of it within ${seconds} s.`,
    { headers: { Connection: 'close' } },
  );
}
