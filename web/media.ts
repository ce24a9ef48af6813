import path from 'node:path';
import type { Middleware } from 'koa';
import parseRange from 'range-parser';
import { NotStored, type Storage } from '../shared/storage/storage.ts';
import { MEDIA_ROUTE, mediaUrlHolds } from '../shared/storage/signed-url.ts';
import { ApiError, methodNotAllowed, notFound } from './errors.ts';

/** Serves a folder's files at signed addresses, whole or by range, so that players can seek. */
export function serveMedia(storage: Storage, secrets: readonly string[]): Middleware {
  return async (ctx, next) => {
    if (!ctx.path.startsWith(MEDIA_ROUTE)) {
      await next();
      return;
    }
    if (!['GET', 'HEAD'].includes(ctx.method)) throw methodNotAllowed('GET, HEAD');
    const key = ctx.path.slice(MEDIA_ROUTE.length);
    const query = new URLSearchParams(ctx.querystring);
    if (!mediaUrlHolds(key, query, secrets)) {
      throw new ApiError(403, 'url_expired', 'This address is not valid any more. Read the task again for another.');
    }
    const found = await storage.stat(key);
    if (!found) throw notFound();

    const range = rangeOf(ctx.get('range'), found.bytes);
    const filename = query.get('filename');
    // First: what comes after must not stand in the head of an error.
    const body = ctx.method === 'GET' ? await storage.get(key, range ?? undefined).catch(goneMeanwhile) : undefined;
    ctx.status = range ? 206 : 200;
    ctx.type = path.extname(key) || 'application/octet-stream';
    ctx.length = range ? range.end - range.start + 1 : found.bytes;
    ctx.set('Accept-Ranges', 'bytes');
    ctx.set('Cache-Control', 'private, max-age=900');
    // The address is the permission, and players on pages of other origins have it too; as with a bucket's.
    ctx.set('Cross-Origin-Resource-Policy', 'cross-origin');
    ctx.set('Access-Control-Allow-Origin', '*');
    if (range) ctx.set('Content-Range', `bytes ${range.start}-${range.end}/${found.bytes}`);
    if (filename) ctx.attachment(filename, { type: query.has('download') ? 'attachment' : 'inline' });
    if (body) ctx.body = body;
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
