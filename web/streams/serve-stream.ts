import path from 'node:path';
import type { Middleware } from 'koa';
import { NotStored, type Storage } from '../../shared/storage/storage.ts';
import { streamKey } from '../../shared/task/keys.ts';
import { ApiError, methodNotAllowed, notFound } from '../errors.ts';
import { isStreamPath, readStreamUrl } from './stream-url.ts';

/** What is text, and small, is sent from here; the rest by the storage. */
const types: Readonly<Record<string, string>> = { '.m3u8': 'application/vnd.apple.mpegurl', '.vtt': 'text/vtt' };

/** How long the storage's address of a file is good, and how long a player may keep it, in seconds. */
const GOOD_FOR = 15 * 60;
const KEPT_FOR = 10 * 60;

/**
 * The files of a stream. Where they lie follows from the address alone, so that a player's many requests ask the database
 * for nothing; those of a task that was removed are not there.
 */
export function serveStream(storage: Storage, secrets: readonly string[]): Middleware {
  return async (ctx, next) => {
    if (!isStreamPath(ctx.path)) {
      await next();
      return;
    }
    if (!['GET', 'HEAD'].includes(ctx.method)) throw methodNotAllowed('GET, HEAD');
    const file = readStreamUrl(ctx.path, secrets);
    if (!file) throw new ApiError(403, 'url_expired', 'This address is not valid any more. Read the task for another.');
    const key = streamKey(file.task, file.attempt, file.name);
    // As for clips: the address is the permission, for players on pages of other origins too.
    ctx.set('Cross-Origin-Resource-Policy', 'cross-origin');
    ctx.set('Access-Control-Allow-Origin', '*');
    ctx.set('Cache-Control', `private, max-age=${KEPT_FOR}`);
    const type = types[path.extname(file.name)];
    if (type === undefined) {
      ctx.redirect(await storage.signUrl(key, { seconds: GOOD_FOR }));
      return;
    }
    const text = await storage.get(key).catch((error: unknown) => {
      throw error instanceof NotStored ? notFound() : error;
    });
    ctx.type = type;
    ctx.body = text;
  };
}
