import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { throughFault, type Fault } from './faults.ts';
import type { Expected } from './objects.ts';
import { header, type Call } from './reply.ts';

/**
 * Writes a request's body to a file from a position on. A connection that is cut leaves what came before.
 *
 * @param skip bytes at the beginning of the body that are there already
 * @returns whether the body came to its end
 */
export async function receiveBody(
  { request }: Call,
  file: string,
  { at = 0, skip = 0, fault = null }: { at?: number; skip?: number; fault?: Fault | null } = {},
): Promise<boolean> {
  let left = skip;
  async function* unseen(pieces: AsyncIterable<Buffer>) {
    for await (const piece of pieces) {
      const rest = piece.subarray(Math.min(left, piece.length));
      left -= piece.length - rest.length;
      if (rest.length > 0) yield rest;
    }
  }
  const out = createWriteStream(file, { flags: at > 0 ? 'r+' : 'w', start: at });
  await pipeline(request, throughFault(request, fault), unseen, out).catch(() => {});
  return request.complete && !request.socket.destroyed;
}

export async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => ({ size: 0 }))).size;
}

/** The checksums that a request promises: `x-goog-hash: crc32c=…,md5=…`. */
export function expectedHashes(call: Call): Pick<Expected, 'crc32c' | 'md5'> {
  const pairs = (header(call, 'x-goog-hash') ?? '').split(',').filter(Boolean);
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}
