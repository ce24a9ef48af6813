import type { Context } from 'koa';
import { AlreadyStored, type Pieces } from '../../shared/storage/storage.ts';
import { ApiError } from '../errors.ts';
import { watchPace, type PaceLimits } from '../limits/pace.ts';
import { readContentRange } from './content-range.ts';
import { uploadComplete } from './errors.ts';

export interface Receiving {
  pieces: Pieces;
  key: string;
  /** Of the whole file. */
  bytes: number;
  expiresAt: Date;
  limits: PaceLimits;
}

/** "Resume Incomplete", as Cloud Storage says it: the piece is taken and more has to come. */
const INCOMPLETE = 308;

/**
 * Takes one piece of a file, or tells how much is there. Answers whether the file is complete; else the answer is
 * written already.
 */
export async function receivePiece(ctx: Context, receiving: Receiving): Promise<boolean> {
  const { pieces, key, bytes } = receiving;
  const piece = readContentRange(ctx.get('content-range'), bytes);
  let received = await pieces.received(key);
  // A piece that begins later than what is there is not taken: the answer says where to go on.
  if (piece !== 'how much' && piece.start <= received) received = await add(ctx, receiving, piece);
  if (received < bytes) {
    ctx.status = INCOMPLETE;
    if (received > 0) ctx.set('Range', `bytes=0-${received - 1}`);
    ctx.body = '';
    return false;
  }
  await pieces.complete(key).catch((error: unknown) => {
    throw error instanceof AlreadyStored ? uploadComplete() : error;
  });
  return true;
}

async function add(ctx: Context, { pieces, key, expiresAt, limits }: Receiving, piece: { start: number; end: number }) {
  const length = piece.end - piece.start;
  // Node sees to it that as many bytes come as are said here.
  if (ctx.request.length !== length) {
    throw new ApiError(400, 'upload_size_differs', `Send Content-Length: ${length}, as Content-Range says.`);
  }
  const pace = watchPace(ctx.req, limits);
  const over = AbortSignal.timeout(expiresAt.getTime() - Date.now());
  try {
    const signal = AbortSignal.any([over, pace.signal]);
    return await pieces.add(key, ctx.req, { start: piece.start, maxBytes: length, signal });
  } catch (error) {
    if (pace.signal.aborted) throw pace.signal.reason;
    if (!ctx.req.complete) throw new ApiError(400, 'upload_broken', 'The piece broke off. Ask how much is there.');
    throw error;
  } finally {
    pace.stop();
  }
}
