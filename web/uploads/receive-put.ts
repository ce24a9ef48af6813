import type { Context, Middleware } from 'koa';
import type { Db } from '../../shared/db/connect.ts';
import { AlreadyStored, type Storage } from '../../shared/storage/storage.ts';
import { readUploadUrl, UPLOAD_ROUTE, type UploadGrant } from '../../shared/storage/upload-url.ts';
import { sourcePrefix, uploadKey } from '../../shared/task/keys.ts';
import { removeSoon } from '../../shared/task/removals.ts';
import { ApiError } from '../errors.ts';
import { watchPace, type PaceLimits } from '../limits/pace.ts';
import { uploadComplete } from './errors.ts';
import { receivePiece } from './receive-piece.ts';
import { isAwaited, isGivenUp } from './uploads.ts';

/** Takes files at the addresses that `POST /uploads` gives out where storage is a folder. Never held in memory. */
export function receivePut(db: Db, storage: Storage, secrets: readonly string[], pace: PaceLimits): Middleware {
  return async (ctx, next) => {
    if (ctx.method !== 'PUT' || !ctx.path.startsWith(UPLOAD_ROUTE)) {
      await next();
      return;
    }
    const key = ctx.path.slice(UPLOAD_ROUTE.length);
    const grant = readUploadUrl(key, new URLSearchParams(ctx.querystring), secrets);
    if (!grant) throw new ApiError(403, 'url_expired', 'This address is not valid any more. Ask for another upload.');
    const id = taskOf(key);
    if (!id || !(await isAwaited(db, id))) throw uploadComplete();
    try {
      if (!(await receive(ctx, storage, key, grant, pace))) return;
    } finally {
      // Given up while it came: nobody else would remove it before its time is over.
      if (await isGivenUp(db, id)) await removeSoon(db, sourcePrefix(id));
    }
    ctx.status = 200;
    ctx.body = { upload_id: id, bytes: grant.bytes };
  };
}

/** Takes a piece or the whole. Answers whether the file is complete; else the answer is written already. */
async function receive(ctx: Context, storage: Storage, key: string, grant: UploadGrant, limits: PaceLimits) {
  if (storage.pieces && ctx.get('content-range')) {
    return receivePiece(ctx, { pieces: storage.pieces, key, limits, ...grant });
  }
  // Node sees to it that as many bytes come as are said here.
  if (ctx.request.length !== grant.bytes) {
    throw new ApiError(400, 'upload_size_differs', `Send Content-Length: ${grant.bytes}, as the upload was made for.`);
  }
  await store(ctx, storage, key, grant, limits);
  return true;
}

async function store(ctx: Context, storage: Storage, key: string, grant: UploadGrant, limits: PaceLimits) {
  const pace = watchPace(ctx.req, limits);
  const over = AbortSignal.timeout(grant.expiresAt.getTime() - Date.now());
  try {
    await storage.put(key, ctx.req, { maxBytes: grant.bytes, signal: AbortSignal.any([over, pace.signal]) });
  } catch (error) {
    if (pace.signal.aborted) throw pace.signal.reason;
    if (error instanceof AlreadyStored) throw uploadComplete();
    // Nobody hears of it, but it is no fault of ours.
    if (!ctx.req.complete) throw new ApiError(400, 'upload_broken', 'The file broke off. Send it again.');
    throw error;
  } finally {
    pace.stop();
  }
}

function taskOf(key: string): string | null {
  const id = /^sources\/([0-9a-f-]{36})\//.exec(key)?.[1];
  return id && uploadKey(id) === key ? id : null;
}
