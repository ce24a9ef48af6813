import { ApiError } from '../errors.ts';

/** A piece of a file, or the question how much of it is there. Bytes; `end` is exclusive. */
export type Piece = { start: number; end: number } | 'how much';

/**
 * What a Content-Range header says, as Cloud Storage's resumable uploads have it: `bytes 0-524287/2000000` for a piece,
 * an asterisk in place of the bounds for the question. Pure. https://cloud.google.com/storage/docs/performing-resumable-uploads
 *
 * @param total of the file, as the upload was made for
 * @throws ApiError 400
 */
export function readContentRange(header: string, total: number): Piece {
  const [, first, last, size] = /^bytes (?:(\d{1,15})-(\d{1,15})|\*)\/(\d{1,15})$/.exec(header.trim()) ?? [];
  if (Number(size) !== total) throw wrong(`Its end says the size of the whole file, ${total}.`);
  if (first === undefined) return 'how much';
  const [start, end] = [Number(first), Number(last) + 1];
  if (start >= end || end > total) throw wrong('The piece lies outside of the file.');
  return { start, end };
}

function wrong(why: string): ApiError {
  const form = 'Send Content-Range: bytes <first>-<last>/<size>, or bytes */<size> to ask how much is there.';
  return new ApiError(400, 'invalid_content_range', `${form} ${why}`);
}
