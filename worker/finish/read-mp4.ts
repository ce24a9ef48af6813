import { open, type FileHandle } from 'node:fs/promises';
import { headOf, readFragment, timescaleOf, typeOf, type Box } from './boxes.ts';

/** Largest index that is read: that of six hours of pictures has 8 MB. */
const mostHead = 64 * 2 ** 20;

/** One stretch of a track, that can be fetched and shown by itself. Bytes from the start of the file. */
export interface Segment {
  start: number;
  bytes: number;
  seconds: number;
  /** Length of its beginning that the first sample is in. */
  firstBytes: number;
}

export interface Track {
  /** Everything before the first segment: what a decoder has to know. */
  head: Buffer;
  segments: Segment[];
}

/** The `moov` box of a file, as a buffer of its own. */
export async function readMoov(path: string): Promise<Buffer> {
  return withFile(path, async (file) => {
    const moov = (await topBoxes(file)).find(({ type }) => type === 'moov');
    if (!moov) throw new RangeError('a file without a moov box');
    return readBytes(file, moov.start, moov.end);
  });
}

/** A fragmented file of one track. */
export async function readTrack(path: string): Promise<Track> {
  return withFile(path, async (file) => {
    const boxes = await topBoxes(file);
    const first = boxes.findIndex(({ type }) => type === 'moof');
    const moov = boxes.find(({ type }) => type === 'moov');
    if (first < 0 || !moov) throw new RangeError('a file without fragments');
    const timescale = timescaleOf(await readBytes(file, moov.start, moov.end));
    const segments: Segment[] = [];
    for (const [at, box] of boxes.entries()) {
      const content = boxes[at + 1];
      if (box.type !== 'moof' || content?.type !== 'mdat') continue;
      const { lasts, firstEnds } = readFragment(await readBytes(file, box.start, box.end));
      const bytes = content.end - box.start;
      segments.push({ start: box.start, bytes, seconds: lasts / timescale, firstBytes: firstEnds });
    }
    return { head: await readBytes(file, 0, boxes[first]?.start ?? 0), segments };
  });
}

async function topBoxes(file: FileHandle): Promise<Box[]> {
  const { size: length } = await file.stat();
  const boxes: Box[] = [];
  for (let start = 0; start < length;) {
    const bytes = await readBytes(file, start, Math.min(length, start + 16));
    const { size, head } = headOf(bytes, 0);
    if (size < head || start + size > length) throw new RangeError(`a box of ${size} bytes at ${start} of ${length}`);
    boxes.push({ type: typeOf(bytes, 0), start, end: start + size, body: start + head });
    start += size;
  }
  return boxes;
}

async function readBytes(file: FileHandle, start: number, end: number): Promise<Buffer> {
  if (end - start > mostHead) throw new RangeError(`a box of ${end - start} bytes`);
  const { buffer } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
  return buffer;
}

async function withFile<Result>(path: string, read: (file: FileHandle) => Promise<Result>): Promise<Result> {
  const file = await open(path);
  try {
    return await read(file);
  } finally {
    await file.close();
  }
}
