import { gzipSync } from 'node:zlib';
import { box, oggPage, patched, text, u16, u32 } from './hostile-media-bytes.ts';
import type { Hostile } from './hostile-media.ts';

/** Files of other containers that lie, or are built to cost, and honest ones that were broken. */
export const streamFiles: Hostile[] = [
  file('TS: 1,000 streams', 'ts', () => transport(1_000)),
  file('TS: streams that never carry anything', 'ts', () =>
    Buffer.concat([
      transport(4),
      ...Array.from({ length: 40_000 }, (_, index) => tsPacket(0x1ff0, Buffer.alloc(184, index & 0xff))),
    ]),
  ),
  file('TS: cut to pieces', 'ts', ({ ts }) => damaged(ts, 97)),
  file('TS: four bytes lost in each packet', 'ts', ({ ts }) =>
    Buffer.concat(
      Array.from({ length: Math.floor(ts.length / 188) }, (_, index) =>
        ts.subarray(index * 188 + (index > 30 ? 4 : 0), (index + 1) * 188),
      ),
    ),
  ),
  file('MP4: damaged throughout', 'mp4', ({ mp4 }) => damaged(mp4, 53)),
  file('MP4: pictures of noise', 'mp4', ({ mp4 }) => damaged(mp4, 3, 48, mp4.lastIndexOf('moov') - 8)),
  file('MP4: half of it', 'mp4', ({ mp4 }) => mp4.subarray(0, mp4.length / 2)),
  file('MKV: damaged throughout', 'mkv', ({ mkv }) => damaged(mkv, 61, 60)),
  file('AVI: an index of 300,000 entries', 'avi', ({ avi }) =>
    Buffer.concat([
      avi,
      riff(
        'idx1',
        Buffer.concat(Array.from({ length: 300_000 }, () => Buffer.from('3030646310000000ffffff7fffffff7f', 'hex'))),
      ),
    ]),
  ),
  file('AVI: lists of 4 GiB', 'avi', ({ avi }) => patched(avi, 'hdrl', -8, Buffer.from('ffffffff', 'hex'))),
  file('AVI: no time between pictures', 'avi', ({ avi }) => patched(avi, 'vids', 16, Buffer.concat([u32(0), u32(0)]))),
  file('ASF: objects without end', 'wmv', () => Buffer.concat([asf(0xffffffff), Buffer.alloc(5_000, 1)])),
  file('ASF: an index of 2^32 entries', 'wmv', () =>
    Buffer.concat([
      asf(0),
      Buffer.from('90080033b1e5cf1189f400a0c90349cb', 'hex'),
      Buffer.alloc(8, 0xff),
      Buffer.alloc(28, 0xff),
    ]),
  ),
  file('Ogg: a chain of 2,000 beginnings', 'ogv', () =>
    Buffer.concat(Array.from({ length: 2_000 }, (_, serial) => oggPage(2, serial, theora()))),
  ),
  file('Ogg: each packet in a stream of its own', 'ogv', () =>
    Buffer.concat([
      oggPage(2, 1, theora()),
      ...Array.from({ length: 5_000 }, (_, serial) => oggPage(0, serial + 2, Buffer.alloc(10))),
    ]),
  ),
  file('FLV: script data 20,000 deep', 'flv', () =>
    Buffer.concat([flvHead, flvTag(18, Buffer.concat([amfName, nestedArrays(20_000)]))]),
  ),
  file('FLV: an array of 2^32', 'flv', () =>
    Buffer.concat([
      flvHead,
      flvTag(
        18,
        Buffer.concat([
          amfName,
          Buffer.from('08ffffffff', 'hex'),
          u16(9),
          text('keyframes'),
          Buffer.from('0affffffff', 'hex'),
        ]),
      ),
    ]),
  ),
  file('FLV: key pictures by the million', 'flv', () =>
    Buffer.concat([
      flvHead,
      flvTag(
        18,
        Buffer.concat([
          amfName,
          Buffer.from('0800000001', 'hex'),
          u16(9),
          text('keyframes'),
          Buffer.from('03', 'hex'),
          u16(5),
          text('times'),
          Buffer.from('0a', 'hex'),
          u32(300_000),
          ...Array.from({ length: 300_000 }, () => Buffer.from('004000000000000000', 'hex')),
        ]),
      ),
    ]),
  ),
  file('gzip', 'mp4', ({ mp4 }) => gzipSync(mp4)),
  file('zip', 'mp4', () => Buffer.concat([text('PK\x03\x04'), Buffer.alloc(2_000)])),
  file('an mp4 that is a zip too', 'mp4', ({ mp4 }) => Buffer.concat([mp4, text('PK\x05\x06'), Buffer.alloc(18)])),
  file('an mp4 that is HTML too', 'mp4', ({ url }) =>
    Buffer.concat([box('ftyp', [text('isom\0\0\0\0')]), text(`<html><video src="${url}/a.mp4"></html>`)]),
  ),
  file('text of four gigabytes, it says', 'mp4', () =>
    Buffer.concat([
      text('RIFF'),
      Buffer.from('ffffffff', 'hex'),
      text('AVI LIST'),
      Buffer.from('ffffffff', 'hex'),
      text('hdrl'),
    ]),
  ),
];

function file(name: string, extension: string, make: Hostile['make']): Hostile {
  return { name, extension, make };
}

function transport(streams: number): Buffer {
  const pat = section(0, Buffer.concat([u16(1), u16(0xe100)]), 1);
  const each = Array.from({ length: streams }, (_, index) =>
    Buffer.concat([Buffer.from([0x1b]), u16(0xe000 | (0x200 + index)), u16(0xf000)]),
  );
  const packets = [tsPacket(0, Buffer.concat([Buffer.from([0]), pat]), true)];
  for (let at = 0; at < streams; at += 30) {
    const pmt = section(2, Buffer.concat([u16(0xe200), u16(0xf000), ...each.slice(at, at + 30)]), 1, at / 30);
    packets.push(tsPacket(0x100, Buffer.concat([Buffer.from([0]), pmt]), true));
  }
  const pictures = Array.from({ length: streams }, (_, index) =>
    tsPacket(
      0x200 + index,
      Buffer.concat([
        Buffer.from('000001e000008080050021000100', 'hex'),
        Buffer.from('0000000165', 'hex'),
        Buffer.alloc(100, 0x55),
      ]),
      true,
    ),
  );
  return Buffer.concat([...packets, ...pictures, ...packets, ...pictures]);
}

/** A table of a transport stream, with its checksum. */
function section(table: number, body: Buffer, id: number, number = 0): Buffer {
  const inner = Buffer.concat([u16(id), Buffer.from([0xc1 | ((number & 15) << 1), 0, 0]), body]);
  const whole = Buffer.concat([Buffer.from([table]), u16(0xb000 | (inner.length + 4)), inner]);
  let sum = 0xffffffff;
  for (const byte of whole) {
    sum ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) sum = sum & 0x80000000 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  }
  return Buffer.concat([whole, u32(sum)]);
}

function tsPacket(pid: number, payload: Buffer, starts = false): Buffer {
  const head = Buffer.concat([Buffer.from([0x47]), u16((starts ? 0x4000 : 0) | pid), Buffer.from([0x10])]);
  return Buffer.concat([head, payload.subarray(0, 184), Buffer.alloc(Math.max(0, 184 - payload.length), 0xff)]);
}

/** Every nth byte is another, always the same way. */
function damaged(bytes: Buffer, every: number, from = 64, to = bytes.length): Buffer {
  const copy = Buffer.from(bytes);
  for (let at = from; at < to; at += every) copy[at] = (bytes[at] ?? 0) ^ ((at * 31) & 0xff);
  return copy;
}

function riff(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([text(type), length, body]);
}

function asf(objects: number): Buffer {
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(30n);
  return Buffer.concat([
    Buffer.from('3026b2758e66cf11a6d900aa0062ce6c', 'hex'),
    size,
    u32(objects),
    Buffer.from([1, 2]),
  ]);
}

function theora(): Buffer {
  return Buffer.concat([text('\x80theora'), Buffer.from([3, 2, 1]), u16(4), u16(4), Buffer.alloc(30, 1)]);
}

const flvHead = Buffer.from('464c5601010000000900000000', 'hex');
const amfName = Buffer.concat([Buffer.from('02', 'hex'), u16(10), text('onMetaData')]);

function flvTag(type: number, body: Buffer): Buffer {
  const length = u32(body.length).subarray(1);
  return Buffer.concat([Buffer.from([type]), length, Buffer.alloc(7), body, u32(body.length + 11)]);
}

function nestedArrays(depth: number): Buffer {
  return Buffer.concat(Array.from({ length: depth }, () => Buffer.from('0a00000001', 'hex')));
}
