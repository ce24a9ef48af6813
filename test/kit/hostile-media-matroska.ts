import { gzipSync } from 'node:zlib';
import { element, nested, text, u32 } from './hostile-media-bytes.ts';
import type { Hostile } from './hostile-media.ts';

/** Matroska files that lie, or are built to cost. */
export const matroskaFiles: Hostile[] = [
  mkv('900 tracks', () =>
    matroska([info(), element('1654ae6b', ...Array.from({ length: 900 }, (_, index) => track(index + 1, 64, 64)))]),
  ),
  mkv('segments of other files linked', ({ file }) =>
    matroska([
      element(
        '1549a966',
        element('3eb923', Buffer.alloc(16, 1)),
        element('3e83bb', text(`file://${file}`)),
        element('3c83ab', text(file)),
      ),
      tracks(64, 64),
      clusters(2),
    ]),
  ),
  mkv('tags inside of tags, 10,000 deep', () =>
    matroska([
      info(),
      tracks(64, 64),
      element(
        '1254c367',
        element(
          '7373',
          nested(10_000, (inner) => element('67c8', inner)),
        ),
      ),
    ]),
  ),
  mkv('50,000 chapters', () =>
    matroska([
      info(),
      tracks(64, 64),
      element(
        '1043a770',
        element(
          '45b9',
          ...Array.from({ length: 50_000 }, (_, index) =>
            element('b6', element('73c4', u32(index + 1)), element('91', u32(index))),
          ),
        ),
      ),
    ]),
  ),
  mkv('3,000 attached files', () =>
    matroska([
      info(),
      tracks(64, 64),
      element('1941a469', ...Array.from({ length: 3_000 }, (_, index) => attachment(`${index}.ttf`, 'font/ttf', 100))),
    ]),
  ),
  mkv('an attached picture of 60 MB that is not there', () =>
    matroska([info(), tracks(64, 64), attachedBeyond(60_000_000)]),
  ),
  mkv('a time scale of zero', () => matroska([info(0), tracks(64, 64), clusters(5)])),
  mkv('80,000,000 s', () => matroska([info(1_000_000, 8e10), tracks(64, 64), clusters(5)])),
  mkv('pictures 80,000 s apart', () => matroska([info(), tracks(64, 64), clusters(3, 80_000_000)])),
  mkv('times at the end of all numbers', () => matroska([info(), tracks(64, 64), clusters(3, 2 ** 53 - 1)])),
  mkv('pictures of 16,383 × 16,383', () => matroska([info(), tracks(16_383, 16_383), clusters(3)])),
  mkv('pictures that change to 16,383 × 16,383', () => matroska([info(), tracks(64, 64), clusters(3, 40, 16_383)])),
  mkv('a track of no pictures a second', () =>
    matroska([info(), tracks(64, 64, element('23e383', u32(0))), clusters(3)]),
  ),
  mkv('2 kB in which every element starts over', () =>
    matroska([
      info(),
      tracks(64, 64),
      ...Array.from({ length: 200 }, () => Buffer.from('1f43b67501ffffffffffffff', 'hex')),
    ]),
  ),
  mkv('an index that points at itself', () =>
    matroska([
      element(
        '114d9b74',
        ...Array.from({ length: 500 }, () =>
          element('4dbb', element('53ab', Buffer.from('114d9b74', 'hex')), element('53ac', u32(0))),
        ),
      ),
      info(),
      tracks(64, 64),
    ]),
  ),
  mkv('compressed pictures that grow a thousandfold', () =>
    matroska([
      info(),
      tracks(64, 64, zlibEncoding()),
      element('1f43b675', element('e7', u32(0)), simpleBlock(gzipSync(Buffer.alloc(60_000_000)))),
    ]),
  ),
];

function mkv(name: string, make: Hostile['make']): Hostile {
  return { name: `MKV: ${name}`, extension: 'mkv', make };
}

function matroska(parts: Buffer[]): Buffer {
  const head = element(
    '1a45dfa3',
    element('4282', text('matroska')),
    element('4287', Buffer.from([4])),
    element('4285', Buffer.from([2])),
  );
  return Buffer.concat([head, element('18538067', ...parts)]);
}

function info(scale = 1_000_000, duration?: number): Buffer {
  const length = Buffer.alloc(8);
  length.writeDoubleBE(duration ?? 0);
  return element(
    '1549a966',
    element('2ad7b1', u32(scale)),
    ...(duration === undefined ? [] : [element('4489', length)]),
  );
}

function tracks(width: number, height: number, ...more: Buffer[]): Buffer {
  return element('1654ae6b', track(1, width, height, ...more));
}

function track(number: number, width: number, height: number, ...more: Buffer[]): Buffer {
  const video = element('e0', element('b0', u32(width)), element('ba', u32(height)));
  return element(
    'ae',
    element('d7', u32(number)),
    element('73c5', u32(number)),
    element('83', Buffer.from([1])),
    element('86', text('V_VP8')),
    video,
    ...more,
  );
}

/** Groups of one key picture of VP8 each. @param apart in the clock's ticks @param size that the later pictures claim */
function clusters(count: number, apart = 40, size = 64): Buffer {
  return Buffer.concat(
    Array.from({ length: count }, (_, index) => {
      const time = Buffer.alloc(8);
      time.writeBigUInt64BE(BigInt(index) * BigInt(apart));
      return element('1f43b675', element('e7', time), simpleBlock(keyPicture(index === 0 ? 64 : size)));
    }),
  );
}

function simpleBlock(picture: Buffer): Buffer {
  return element('a3', Buffer.from([0x81, 0, 0, 0x80]), picture);
}

function keyPicture(size: number): Buffer {
  const sides = Buffer.alloc(4);
  sides.writeUInt16LE(size, 0);
  sides.writeUInt16LE(size, 2);
  return Buffer.concat([Buffer.from('1002009d012a', 'hex'), sides, Buffer.alloc(64)]);
}

function zlibEncoding(): Buffer {
  return element(
    '6d80',
    element('6240', element('5033', Buffer.from([0])), element('5034', element('4254', Buffer.from([0])))),
  );
}

function attachment(name: string, type: string, bytes: number): Buffer {
  return element(
    '61a7',
    element('466e', text(name)),
    element('4660', text(type)),
    element('46ae', u32(1)),
    element('465c', Buffer.alloc(bytes)),
  );
}

function attachedBeyond(bytes: number): Buffer {
  return Buffer.concat([
    Buffer.from('1941a46910', 'hex').subarray(0, 4),
    Buffer.from('01', 'hex'),
    Buffer.alloc(3),
    u32(bytes),
    attachment('cover.png', 'image/png', 10),
  ]);
}
