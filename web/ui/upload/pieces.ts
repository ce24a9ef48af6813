/** Cloud Storage's resumable protocol, which our own folder speaks too: what is said in its headers. Pure. */

/** A multiple of 256 KiB, as the protocol asks for. */
const PIECE_BYTES = 8 * 1024 * 1024;

/** The piece that begins here: its end is exclusive. */
export function pieceAt(start: number, total: number): { start: number; end: number } {
  return { start, end: Math.min(start + PIECE_BYTES, total) };
}

export function contentRange({ start, end }: { start: number; end: number }, total: number): string {
  return `bytes ${start}-${end - 1}/${total}`;
}

/** Asks how much is there. */
export function asking(total: number): string {
  return `bytes */${total}`;
}

/** How much is there, by the answer's Range header; without one nothing is. */
export function received(range: string | null): number {
  const last = /^bytes=0-(\d+)$/.exec(range ?? '')?.[1];
  return last === undefined ? 0 : Number(last) + 1;
}

/** Whether nothing more can be sent to the address that answered so: the file needs another. */
export function isOver({ status, code }: { status: number; code: string }): boolean {
  if ([403, 404, 410, 412].includes(status)) return true;
  // Others say that the request is wrong. A bucket has no code to tell.
  return status === 400 && ['', 'upload_size_differs', 'invalid_content_range'].includes(code);
}
