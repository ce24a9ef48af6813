import path from 'node:path';
import type { Middleware } from 'koa';
import parseRange from 'range-parser';
import { NotStored, type Storage } from '../shared/storage/storage.ts';
import { MEDIA_ROUTE, mediaUrlHolds } from '../shared/storage/signed-url.ts';
import { ApiError, notFound } from './errors.ts';

/** Serves a folder's files at signed addresses, whole or by range, so that players can seek. */
export function serveMedia(storage: Storage, secret: string): Middleware {
  return async (ctx, next) => {
    if (!ctx.path.startsWith(MEDIA_ROUTE) || !['GET', 'HEAD'].includes(ctx.method)) {
      await next();
      return;
    }
    const key = ctx.path.slice(MEDIA_ROUTE.length);
    const query = new URLSearchParams(ctx.querystring);
    if (!mediaUrlHolds(key, query, secret)) {
      throw new ApiError(403, 'url_expired', 'This address is not valid any more. Read the task again for another.');
    }
    const found = await storage.stat(key);
    if (!found) throw notFound();

    const range = rangeOf(ctx.get('range'), found.bytes);
    const filename = query.get('filename');
    ctx.status = range ? 206 : 200;
    ctx.type = path.extname(key) || 'application/octet-stream';
    ctx.length = range ? range.end - range.start + 1 : found.bytes;
    ctx.set('Accept-Ranges', 'bytes');
    ctx.set('Cache-Control', 'private, max-age=900');
    if (range) ctx.set('Content-Range', `bytes ${range.start}-${range.end}/${found.bytes}`);
    if (filename) ctx.attachment(filename, { type: query.has('download') ? 'attachment' : 'inline' });
    if (ctx.method === 'GET') ctx.body = await storage.get(key, range ?? undefined).catch(goneMeanwhile);
  };
}

/** One range; more than one is answered with the whole, as RFC 9110 allows. */
function rangeOf(header: string, bytes: number): { start: number; end: number } | null {
  if (!header) return null;
  const ranges = parseRange(bytes, header);
  if (ranges === -1) {
    throw new ApiError(416, 'range_not_satisfiable', `The file has ${bytes} bytes.`, {
      headers: { 'Content-Range': `bytes */${bytes}` },
    });
  }
  if (ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return null;
  return ranges[0] ?? null;
}

function goneMeanwhile(error: unknown): never {
  throw error instanceof NotStored ? notFound() : error;
}
