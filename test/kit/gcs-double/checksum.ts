import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

export interface Checksums {
  size: number;
  crc32c: string;
  md5: string;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0x82f63b78 : remainder >>> 1;
  return remainder;
});

/** Reckoned here and not by the client's own code: a mistake in that must not confirm itself. */
export async function checksumsOf(file: string): Promise<Checksums> {
  const md5 = createHash('md5');
  let size = 0;
  let remainder = 0xffffffff;
  for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) {
    size += piece.length;
    md5.update(piece);
    // By index: five times as fast as by iterator, and there are many.
    for (let at = 0; at < piece.length; at++) {
      remainder = TABLE[(remainder ^ piece[at]!) & 255]! ^ (remainder >>> 8);
    }
  }
  const crc32c = Buffer.alloc(4);
  crc32c.writeUInt32BE((remainder ^ 0xffffffff) >>> 0);
  return { size, crc32c: crc32c.toString('base64'), md5: md5.digest('base64') };
}
