import { open, type FileHandle } from 'node:fs/promises';
import type { VideoStream } from '../../shared/task/media.ts';

type Aperture = NonNullable<VideoStream['aperture']>;

/** Largest index that is read, in bytes: hours of video have some megabytes. */
const mostIndex = 32 * 2 ** 20;

/** Boxes at the top of a file that are passed before the index is given up. */
const mostBoxes = 10_000;

/** What FFmpeg does not tell of an MP4 or QuickTime file. */
export interface Mp4Facts {
  /** What is meant to be seen of the stored picture: the `clap` box, which FFmpeg before 7.1 does not read. */
  aperture: Aperture | null;
  /** The pictures are encrypted; FFmpeg names the codec that they would have. */
  encrypted: boolean;
  /** Its last box goes beyond the end of the file. */
  cutOff: boolean;
}

/**
 * Reads the index of an MP4 or QuickTime file, box by box. Whatever is not as it should be is passed over.
 * @param index number of the stream of pictures, which is that of its track; null for none
 */
export async function readMp4Facts(path: string, index: number | null, stored: Size): Promise<Mp4Facts> {
  const file = await open(path);
  try {
    const { moov, cutOff } = await readTop(file);
    const entry = moov && index !== null ? entryOf(moov, index) : null;
    return { aperture: entry && apertureOf(entry.content, stored), encrypted: entry?.type === 'encv', cutOff };
  } finally {
    await file.close();
  }
}

interface Size {
  width: number;
  height: number;
}

/** How the pictures of a track are described: its first sample entry. Pure; never throws, whatever the bytes. */
export function entryOf(moov: Buffer, index: number): { type: string; content: Buffer } | null {
  const track = boxes(moov).filter(({ type }) => type === 'trak')[index]?.content;
  const description = track && inside(track, ['mdia', 'minf', 'stbl', 'stsd']);
  // A count, then entries.
  return (description && boxes(description.subarray(8))[0]) ?? null;
}

/** Pure; never throws, whatever the bytes. @param entry of pictures, which has 78 bytes before the boxes in it */
export function apertureOf(entry: Buffer, { width, height }: Size): Aperture | null {
  if (entry.length < 78 || entry.readUInt16BE(24) !== width || entry.readUInt16BE(26) !== height) return null;
  const clap = boxes(entry.subarray(78)).find(({ type }) => type === 'clap')?.content;
  if (!clap || clap.length < 32) return null;
  const fraction = (at: number) => clap.readInt32BE(8 * at) / clap.readInt32BE(8 * at + 4);
  const shown = { width: Math.round(fraction(0)), height: Math.round(fraction(1)) };
  // The offset is that of the middle.
  const x = Math.round((width - shown.width) / 2 + fraction(2));
  const y = Math.round((height - shown.height) / 2 + fraction(3));
  const fits = shown.width >= 16 && shown.height >= 16 && x >= 0 && y >= 0;
  const isWhole = shown.width === width && shown.height === height;
  if (!fits || isWhole || x + shown.width > width || y + shown.height > height) return null;
  return { x, y, ...shown };
}

async function readTop(file: FileHandle): Promise<{ moov: Buffer | null; cutOff: boolean }> {
  const { size: length } = await file.stat();
  const head = Buffer.alloc(16);
  let moov: Buffer | null = null;
  let start = 0;
  for (let box = 0; box < mostBoxes && start + 8 <= length; box++) {
    await file.read(head, 0, 16, start);
    const small = head.readUInt32BE(0);
    const [size, begins] =
      small === 1 ? [Number(head.readBigUInt64BE(8)), 16] : [small === 0 ? length - start : small, 8];
    if (size < begins) return { moov, cutOff: false };
    const wanted = Math.min(size, length - start) - begins;
    if (moov === null && head.toString('latin1', 4, 8) === 'moov' && wanted <= mostIndex) {
      moov = (await file.read(Buffer.alloc(wanted), 0, wanted, start + begins)).buffer;
    }
    start += size;
  }
  return { moov, cutOff: start > length };
}

/** The boxes one after another, as far as they are whole. */
function boxes(bytes: Buffer): { type: string; content: Buffer }[] {
  const found: { type: string; content: Buffer }[] = [];
  for (let at = 0; at + 8 <= bytes.length && found.length < mostBoxes;) {
    const size = bytes.readUInt32BE(at);
    if (size < 8 || at + size > bytes.length) break;
    found.push({ type: bytes.toString('latin1', at + 4, at + 8), content: bytes.subarray(at + 8, at + size) });
    at += size;
  }
  return found;
}

function inside(bytes: Buffer, [type, ...rest]: string[]): Buffer | undefined {
  const content = boxes(bytes).find((box) => box.type === type)?.content;
  return content && rest.length > 0 ? inside(content, rest) : content;
}
