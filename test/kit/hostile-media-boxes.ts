import { box, replaced, text, u16, u32 } from './hostile-media-bytes.ts';
import type { Hostile } from './hostile-media.ts';

const track = ['moov', 'trak'];
const table = [...track, 'mdia', 'minf', 'stbl'];
const version = u32(0);
const ftyp = box('ftyp', [text('isom'), u32(512), text('isomiso2')]);

/** MP4 files that lie, or are built to cost. */
export const boxFiles: Hostile[] = [
  mp4('an external file for its samples', ({ mp4, file }) =>
    replaced(mp4, [...track, 'mdia', 'minf', 'dinf', 'dref'], () => [external('url ', `file://${file}\0`)]),
  ),
  mp4('an alias of another file for its samples', ({ mp4, file }) =>
    replaced(mp4, [...track, 'mdia', 'minf', 'dinf', 'dref'], () => [external('alis', alias(file))]),
  ),
  mp4('an index that claims 4 GiB', ({ mp4 }) =>
    Buffer.concat([mp4.subarray(0, 32), box('moov', [Buffer.alloc(100)], 0xfffffff0)]),
  ),
  mp4('a box of 2^62 bytes', () =>
    Buffer.concat([ftyp, u32(1), text('moov'), u32(0x40000000), u32(0), Buffer.alloc(64)]),
  ),
  mp4('boxes inside of boxes, 20,000 deep', () => Buffer.concat([ftyp, deep(20_000, 'moov')])),
  mp4('tracks inside of tracks, 5,000 deep', () => Buffer.concat([ftyp, box('moov', [deep(5_000, 'trak')])])),
  mp4('a time scale of zero', ({ mp4 }) =>
    replaced(mp4, [...track, 'mdia', 'mdhd'], (body) => [
      box('mdhd', [body.subarray(0, 12), u32(0), body.subarray(16)]),
    ]),
  ),
  mp4('80,000,000 s of one picture', ({ mp4 }) =>
    replaced(lasting(mp4), [...table, 'stts'], () => [entries('stts', [[1, 80_000_000]])]),
  ),
  mp4('negative durations', ({ mp4 }) =>
    replaced(mp4, [...table, 'stts'], () => [
      entries('stts', [
        [15, 0xffffffff],
        [15, 0x80000001],
      ]),
    ]),
  ),
  mp4('negative times of display', ({ mp4 }) =>
    replaced(mp4, [...table, 'ctts'], () => [
      entries('ctts', [
        [15, 0x80000000],
        [15, 0x7fffffff],
      ]),
    ]),
  ),
  mp4('an edit list of 200,000 edits', ({ mp4 }) =>
    replaced(mp4, [...track, 'edts'], () => [box('edts', [edits(200_000)])]),
  ),
  mp4('an edit list that claims 2^32 edits', ({ mp4 }) =>
    replaced(mp4, [...track, 'edts'], () => [box('edts', [box('elst', [version, u32(0xffffffff), Buffer.alloc(12)])])]),
  ),
  mp4('900 tracks', ({ mp4 }) =>
    replaced(mp4, track, (body) => Array.from({ length: 900 }, () => box('trak', [body]))),
  ),
  mp4('2^31 samples of one size', ({ mp4 }) =>
    replaced(mp4, [...table, 'stsz'], () => [box('stsz', [version, u32(1), u32(0x7fffffff)])]),
  ),
  mp4('2^32 samples with sizes that are not there', ({ mp4 }) =>
    replaced(mp4, [...table, 'stsz'], () => [box('stsz', [version, u32(0), u32(0xffffffff)])]),
  ),
  mp4('a table of times with 2^29 lines that are not there', ({ mp4 }) =>
    replaced(mp4, [...table, 'stts'], () => [box('stts', [version, u32(0x1fffffff), u32(1), u32(1)])]),
  ),
  mp4('2^31 samples a chunk', ({ mp4 }) =>
    replaced(mp4, [...table, 'stsc'], () => [box('stsc', [version, u32(1), u32(1), u32(0x7fffffff), u32(1)])]),
  ),
  mp4('samples that lie outside of the file', ({ mp4 }) =>
    replaced(mp4, [...table, 'stco'], () => [box('stco', [version, u32(1), u32(0xfffffff0)])]),
  ),
  mp4('5,000 chapters', ({ mp4 }) =>
    replaced(mp4, ['moov', 'mvhd'], (body) => [box('mvhd', [body]), box('udta', [chapters(5_000)])]),
  ),
  mp4('20 MB of metadata', ({ mp4 }) =>
    replaced(mp4, ['moov', 'mvhd'], (body) => [box('mvhd', [body]), tags(2_000, 10_000)]),
  ),
  mp4('300 covers', ({ mp4 }) => replaced(mp4, ['moov', 'mvhd'], (body) => [box('mvhd', [body]), covers(300)])),
  mp4('a cover of 30,000 × 30,000', ({ mp4 }) =>
    replaced(mp4, ['moov', 'mvhd'], (body) => [box('mvhd', [body]), covers(1)]),
  ),
  mp4('50,000 empty fragments', ({ mp4 }) =>
    Buffer.concat([
      mp4,
      ...Array.from({ length: 50_000 }, (_, number) => box('moof', [box('mfhd', [version, u32(number)])])),
    ]),
  ),
  mp4('a fragment that claims 2^31 samples', ({ mp4 }) => Buffer.concat([mp4, fragment(0x7fffffff)])),
  mp4('a compressed index that claims 4 GiB', () =>
    Buffer.concat([
      ftyp,
      box('moov', [box('cmov', [box('dcom', [text('zlib')]), box('cmvd', [u32(0xffffffff), Buffer.alloc(64)])])]),
    ]),
  ),
  mp4('H.264 with parameters of 64 KiB of zeros', ({ mp4 }) =>
    replaced(mp4, [...table, 'stsd'], (body) => [
      box('stsd', [body.subarray(0, 8), box('avc1', [body.subarray(16, 94), box('avcC', [Buffer.alloc(65_000)])])]),
    ]),
  ),
];

function mp4(name: string, make: Hostile['make']): Hostile {
  return { name: `MP4: ${name}`, extension: 'mp4', make };
}

function external(type: string, address: string | Buffer): Buffer {
  return box('dref', [version, u32(1), box(type, [u32(0), typeof address === 'string' ? text(address) : address])]);
}

/** A Macintosh alias that gives its file as a path of Unix. */
function alias(file: string): Buffer {
  const path = text(file);
  return Buffer.concat([
    Buffer.alloc(150),
    u16(2),
    u16(path.length),
    path,
    Buffer.alloc(path.length % 2),
    u16(0xffff),
    u16(0),
  ]);
}

function deep(depth: number, type: string): Buffer {
  const heads = Array.from({ length: depth }, (_, level) => box(type, [], (depth - level) * 8));
  return Buffer.concat(heads);
}

/** With a clock that ticks once a second. */
function lasting(mp4: Buffer): Buffer {
  const slow = replaced(mp4, ['moov', 'mvhd'], (body) => [
    box('mvhd', [body.subarray(0, 12), u32(1), u32(80_000_000), body.subarray(20)]),
  ]);
  return replaced(slow, [...track, 'mdia', 'mdhd'], (body) => [
    box('mdhd', [body.subarray(0, 12), u32(1), u32(80_000_000), body.subarray(20)]),
  ]);
}

function entries(type: string, rows: number[][]): Buffer {
  return box(type, [version, u32(rows.length), ...rows.flat().map(u32)]);
}

function edits(count: number): Buffer {
  const rows = Array.from({ length: count }, (_, index) => Buffer.concat([u32(1), u32(index % 30), u32(0x10000)]));
  return box('elst', [version, u32(count), ...rows]);
}

function chapters(count: number): Buffer {
  const rows = Array.from({ length: count }, (_, index) =>
    Buffer.concat([u32(0), u32(index * 1000), Buffer.from([200]), Buffer.alloc(200, 0x41)]),
  );
  return box('chpl', [u32(0x01000000), u32(0), Buffer.from([255]), ...rows]);
}

function tags(count: number, length: number): Buffer {
  const one = box('\xa9nam', [box('data', [u32(1), u32(0), Buffer.alloc(length, 0x41)])]);
  return meta(Array.from({ length: count }, () => one));
}

function covers(count: number): Buffer {
  const picture = Buffer.concat([
    Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
    u32(30_000),
    u32(30_000),
    Buffer.from([8, 6, 0, 0, 0]),
    Buffer.alloc(1000),
  ]);
  const one = box('covr', [box('data', [u32(14), u32(0), picture])]);
  return meta(Array.from({ length: count }, () => one));
}

function meta(list: Buffer[]): Buffer {
  const handler = box('hdlr', [version, u32(0), text('mdirappl'), Buffer.alloc(9)]);
  return box('udta', [box('meta', [version, handler, box('ilst', list)])]);
}

function fragment(samples: number): Buffer {
  const tfhd = box('tfhd', [u32(0x38), u32(1), u32(1), u32(1), u32(0)]);
  return box('moof', [box('mfhd', [version, u32(1)]), box('traf', [tfhd, box('trun', [version, u32(samples)])])]);
}
