import { z } from 'zod';
import { ApiError } from '../errors.ts';

/** Cursors hold the id of the last row; clients should not build on that. */
export function decodeCursor(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const id = z.uuid().safeParse(Buffer.from(cursor, 'base64url').toString());
  if (!id.success)
    throw new ApiError(400, 'invalid_cursor', 'The cursor is not one of ours. Take it from the Link header.');
  return id.data;
}

/** The Link header (RFC 8288) to the page after `last`, with everything else as it was asked. */
export function nextLink(query: { max: number; order: string; status?: string | undefined }, last: string): string {
  const next = new URLSearchParams({ max: String(query.max), order: query.order });
  if (query.status) next.set('status', query.status);
  next.set('cursor', Buffer.from(last).toString('base64url'));
  return `</tasks?${next.toString()}>; rel="next"`;
}
