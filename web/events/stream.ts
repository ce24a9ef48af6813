import { PassThrough } from 'node:stream';
import type { Context } from 'koa';

/** A client that reads slower than this much piles up is cut off; it resumes. Bytes. */
const MOST_UNREAD = 1024 * 1024;
/** Also keeps proxies from closing the connection. */
const HEARTBEAT_MS = 15_000;
/** What clients are told to wait before they come again. */
const RETRY_MS = 2_000;

export interface EventStream {
  send(event: string, data: unknown): void;
  end(): void;
}

/**
 * Answers a request with server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 *
 * @param mayGoOn asked with each heartbeat; the stream ends when it throws, so that no session outlives its token
 * @param onClose the client is gone, or the stream was ended
 */
export function openStream(ctx: Context, mayGoOn: () => Promise<unknown>, onClose: () => void): EventStream {
  const out = new PassThrough();
  const heartbeat = setInterval(() => {
    write(': alive\n\n');
    mayGoOn().catch(() => out.end());
  }, HEARTBEAT_MS);
  out.on('close', () => {
    clearInterval(heartbeat);
    onClose();
  });
  // Its client went away in the middle: nobody's fault.
  out.on('error', () => out.destroy());

  function write(text: string): void {
    if (out.writableEnded || out.destroyed) return;
    if (out.readableLength + out.writableLength + ctx.res.writableLength > MOST_UNREAD) out.destroy();
    else out.write(text);
  }

  ctx.type = 'text/event-stream';
  ctx.set({ 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
  ctx.body = out;
  write(`retry: ${RETRY_MS}\n\n`);
  return {
    send(event, data) {
      // By the clock of this instance; another's may differ a little, which `resumedAt` allows for.
      write(`event: ${event}\nid: ${Date.now()}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    end: () => out.end(),
  };
}

/** Clocks of two instances differ by less, and a transaction takes less to commit. */
const MARGIN_MS = 30_000;

/** Since when a client that comes again may have missed something. One that is new has missed nothing. */
export function resumedAt(lastEventId: string, now: Date): Date {
  const last = Number(lastEventId);
  const isTime = /^\d{13}$/.test(lastEventId) && last <= now.getTime() + MARGIN_MS;
  return isTime ? new Date(last - MARGIN_MS) : now;
}
