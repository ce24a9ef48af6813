/** What containers are built of, to build them wrongly. */

/** A box of an ISO file. @param size what it claims to be; by default what it is */
export function box(type: string, parts: readonly Uint8Array[] = [], size?: number): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([u32(size ?? body.length + 8), Buffer.from(type, 'latin1'), body]);
}

/** An element of Matroska. @param id in hexadecimal */
export function element(id: string, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE((1n << 56n) | BigInt(body.length));
  return Buffer.concat([Buffer.from(id, 'hex'), length, body]);
}

export function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

export const text = (value: string) => Buffer.from(value, 'latin1');

/** A copy with something written at the first place that a text is found at. @param offset from the end of the text */
export function patched(bytes: Buffer, at: string | Buffer, offset: number, value: Buffer): Buffer {
  const found = bytes.indexOf(at);
  if (found === -1) throw new Error(`no ${String(at)} in the file`);
  const copy = Buffer.from(bytes);
  value.copy(copy, found + at.length + offset);
  return copy;
}

/** The same something inside of itself, many times over. */
export function nested(depth: number, wrap: (inner: Buffer) => Buffer, innermost: Buffer = Buffer.alloc(0)): Buffer {
  let bytes: Buffer = innermost;
  for (let level = 0; level < depth; level++) bytes = wrap(bytes);
  return bytes;
}

/** An ISO file with a box replaced; its `moov` has to stand last, so that nothing else moves. @param way to the box */
export function replaced(bytes: Buffer, way: readonly string[], change: (body: Buffer) => Buffer[]): Buffer {
  const [type = '', ...further] = way;
  const parts: Buffer[] = [];
  let done = false;
  for (let at = 0; at + 8 <= bytes.length;) {
    const size = bytes.readUInt32BE(at);
    const whole = bytes.subarray(at, at + size);
    at += size;
    if (done || whole.toString('latin1', 4, 8) !== type) parts.push(whole);
    else if (further.length === 0) parts.push(...change(whole.subarray(8)));
    else parts.push(box(type, [replaced(whole.subarray(8), further, change)]));
    done ||= whole.toString('latin1', 4, 8) === type;
  }
  if (!done) throw new Error(`no ${way.join('/')} in the file`);
  return Buffer.concat(parts);
}

/** A page of Ogg, with the checksum that it is dropped without. */
export function oggPage(flags: number, serial: number, packet: Buffer): Buffer {
  const lacing = Buffer.alloc(Math.floor(packet.length / 255) + 1, 255);
  lacing[lacing.length - 1] = packet.length % 255;
  const head = Buffer.alloc(27);
  head.write('OggS\0', 'latin1');
  head[5] = flags;
  head.writeUInt32LE(serial, 14);
  head[26] = lacing.length;
  const page = Buffer.concat([head, lacing, packet]);
  page.writeUInt32LE(oggChecksum(page), 22);
  return page;
}

function oggChecksum(bytes: Buffer): number {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) sum = sum & 0x80000000 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  }
  return sum >>> 0;
}
