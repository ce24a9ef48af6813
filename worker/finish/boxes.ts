/**
 * The boxes of an MP4 that we made ourselves (ISO/IEC 14496-12), as far as playlists need them. Pure.
 */
export interface Box {
  type: string;
  /** Where its head begins. */
  start: number;
  /** Where it ends. */
  end: number;
  /** Where its content begins. */
  body: number;
}

/** The boxes between two places. @throws RangeError where one does not end inside */
export function boxesIn(bytes: Buffer, from = 0, to = bytes.length): Box[] {
  const boxes: Box[] = [];
  for (let start = from; start + 8 <= to;) {
    const { size, head } = headOf(bytes, start);
    if (size < head || start + size > to) throw new RangeError(`a box of ${size} bytes at ${start} of ${to}`);
    boxes.push({ type: typeOf(bytes, start), start, end: start + size, body: start + head });
    start += size;
  }
  return boxes;
}

/** Size and length of the head of the box at a place; 16 bytes are enough to tell. */
export function headOf(bytes: Buffer, at: number): { size: number; head: number } {
  const size = bytes.readUInt32BE(at);
  return size === 1 ? { size: Number(bytes.readBigUInt64BE(at + 8)), head: 16 } : { size, head: 8 };
}

export function typeOf(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', at + 4, at + 8);
}

/** The first box on a way of types, for example `trak`, `mdia`; null where there is none. */
export function find(bytes: Buffer, way: readonly string[], from = 0, to = bytes.length): Box | null {
  const [type, ...rest] = way;
  const box = boxesIn(bytes, from, to).find((found) => found.type === type);
  if (!box) return null;
  return rest.length === 0 ? box : find(bytes, rest, box.body, box.end);
}

/** What a decoder has to know beforehand, out of a `moov` box: the same for all parts of one video. */
export function avcConfig(moov: Buffer): Buffer | null {
  const described = find(moov, ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd']);
  // A list of entries; the first has 78 bytes of its own before the boxes in it.
  const entry = described && boxesIn(moov, described.body + 8, described.end)[0];
  const found = entry?.type === 'avc1' ? find(moov, ['avcC'], entry.body + 78, entry.end) : null;
  return found && moov.subarray(found.body, found.end);
}

/** Ticks a second of the only track. */
export function timescaleOf(moov: Buffer): number {
  const header = find(moov, ['moov', 'trak', 'mdia', 'mdhd']);
  if (!header) throw new RangeError('a track without a head');
  return moov.readUInt32BE(header.body + (moov[header.body] === 1 ? 20 : 12));
}

/** What a fragment of one track holds. */
export interface Fragment {
  /** When its first sample is decoded, and how long all last, in ticks. */
  begins: number;
  lasts: number;
  /** Where its first sample ends, in bytes from the `moof` box. */
  firstEnds: number;
}

/** Reads a `moof` box. @throws RangeError when it is not as FFmpeg makes it */
export function readFragment(moof: Buffer): Fragment {
  const [fixed, decoded, run] = ['tfhd', 'tfdt', 'trun'].map((type) => find(moof, ['moof', 'traf', type]));
  if (!fixed || !decoded || !run) throw new RangeError('a fragment without its boxes');
  const given = moof.readUInt32BE(fixed.body) & 0xffffff;
  const durationAt = fixed.body + 8 + (given & 1 ? 8 : 0) + (given & 2 ? 4 : 0);
  const sizeAt = durationAt + (given & 8 ? 4 : 0);
  const usual = {
    duration: given & 8 ? moof.readUInt32BE(durationAt) : 0,
    size: given & 16 ? moof.readUInt32BE(sizeAt) : 0,
  };
  const begins =
    moof[decoded.body] === 1 ? Number(moof.readBigUInt64BE(decoded.body + 4)) : moof.readUInt32BE(decoded.body + 4);
  return { begins, ...readRun(moof.subarray(run.body, run.end), usual) };
}

/** Its samples one after another, each with the fields that the flags say. */
function readRun(run: Buffer, usual: { duration: number; size: number }): Omit<Fragment, 'begins'> {
  const given = run.readUInt32BE(0) & 0xffffff;
  const count = run.readUInt32BE(4);
  if (!(given & 1)) throw new RangeError('a fragment that does not say where its samples are');
  let at = 12 + (given & 4 ? 4 : 0);
  const take = (flag: number, otherwise: number) => {
    if (!(given & flag)) return otherwise;
    at += 4;
    return run.readUInt32BE(at - 4);
  };
  let lasts = 0;
  let firstSize = 0;
  for (let sample = 0; sample < count; sample++) {
    lasts += take(0x100, usual.duration);
    const size = take(0x200, usual.size);
    if (sample === 0) firstSize = size;
    take(0x400, 0);
    take(0x800, 0);
  }
  return { lasts, firstEnds: run.readInt32BE(8) + firstSize };
}
