import { Problem } from '../../shared/task/problem.ts';

/**
 * Which container a file is, by its first bytes. Pure.
 *
 * Names and content types are what a stranger says. What FFmpeg may open is decided here and not by its own guess: that
 * takes a playlist named `.mp4` for a playlist, and reads the files it lists.
 */

/** FFmpeg's demuxer for each container that we accept, as `-format_whitelist` takes it. */
export const demuxers = {
  mov: 'mov',
  matroska: 'matroska',
  avi: 'avi',
  mpegts: 'mpegts',
  mpegps: 'mpeg',
  flv: 'flv',
  ogg: 'ogg',
  asf: 'asf',
  mxf: 'mxf',
  gif: 'gif',
  dv: 'dv',
  wav: 'wav',
  aiff: 'aiff',
  caf: 'caf',
  amr: 'amr',
  flac: 'flac',
  mp3: 'mp3',
  aac: 'aac',
  ac3: 'ac3',
} as const;

export type Container = keyof typeof demuxers;

/** Bytes of a head that are enough for every answer. */
export const headBytes = 4096;

/**
 * The container of a video file, or of a sound. What is in it is for ffprobe to say.
 * @param head the first `headBytes` bytes, all of them when the file is shorter
 * @throws Problem `source_not_video`, in words where it is known to be something else
 */
export function sniffVideo(head: Uint8Array): Container {
  const kind = sniffFile(head);
  if (kind !== null) return kind;
  const words = otherKinds.find(([, offset, bytes]) => has(head, offset, bytes))?.[0];
  throw new Problem(
    'source_not_video',
    `no container that we know: ${shown(head)}`,
    words === undefined ? {} : { words },
  );
}

/** What a file is: a container that may hold pictures or sound, or null. */
export function sniffFile(head: Uint8Array): Container | null {
  for (const [kind, offset, bytes] of signatures) if (has(head, offset, bytes)) return kind;
  for (const look of [lookForBoxes, lookForMatroska, lookForOgg, lookForProgramStream, lookForTransportStream]) {
    const kind = look(head);
    if (kind !== null) return kind;
  }
  return lookForAudioFrame(head);
}

const signatures: readonly (readonly [Container, offset: number, bytes: string])[] = [
  ['avi', 8, 'AVI LIST'],
  ['flv', 0, 'FLV\x01'],
  ['asf', 0, '\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c'],
  // A header partition pack, SMPTE ST 377-1.
  ['mxf', 0, '\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02'],
  ['gif', 0, 'GIF87a'],
  ['gif', 0, 'GIF89a'],
  // The header block of a DIF sequence, and the first of its subcode blocks (IEC 61834-2).
  ['dv', 0, '\x1f\x07\x00\x3f'],
  ['dv', 0, '\x1f\x07\x00\xbf'],
  ['wav', 8, 'WAVEfmt '],
  ['wav', 8, 'WAVEds64'],
  ['wav', 8, 'WAVEbext'],
  ['wav', 8, 'WAVEJUNK'],
  ['wav', 8, 'WAVELIST'],
  ['aiff', 8, 'AIFF'],
  ['aiff', 8, 'AIFC'],
  ['flac', 0, 'fLaC'],
  ['caf', 0, 'caff\x00\x01'],
  ['amr', 0, '#!AMR'],
  ['mp3', 0, 'ID3'],
  ['ac3', 0, '\x0b\x77'],
];

/** What is sent in place of a video, and what its sender is told. */
const otherKinds: readonly (readonly [words: string, offset: number, bytes: string])[] = [
  ['This is a picture, not a video.', 0, '\x89PNG'],
  ['This is a picture, not a video.', 0, '\xff\xd8\xff'],
  ['This is a WebP picture, moving or not. Send it as GIF or as a video.', 8, 'WEBP'],
  ['This is an archive. Send the video that is in it.', 0, 'PK\x03\x04'],
  ['This is an archive. Send the video that is in it.', 0, 'Rar!'],
  ['This is an archive. Send the video that is in it.', 0, '7z\xbc\xaf'],
  ['This is a list of where a video is, not the video itself.', 0, '#EXTM3U'],
];

/** Boxes that an ISO or QuickTime file may begin with (ISO/IEC 14496-12; `wide` and `pnot` are of old QuickTime). */
const firstBoxes = ['ftyp', 'styp', 'moov', 'mdat', 'moof', 'sidx', 'free', 'skip', 'wide', 'pnot'];
/** HEIF, AVIF, JPEG 2000 and Canon's raw pictures are built of the same boxes. */
const imageBrands = [
  'mif1',
  'msf1',
  'heic',
  'heix',
  'heim',
  'heis',
  'hevc',
  'hevx',
  'avif',
  'avis',
  'jp2 ',
  'jpx ',
  'crx ',
];

function lookForBoxes(head: Uint8Array): Container | null {
  const type = text(head, 4, 4);
  if (!firstBoxes.includes(type)) return null;
  const size = uint32(head, 0);
  // 1: a 64-bit size follows. 0: up to the end of the file.
  if (size > 1 && size < 8) return null;
  const brand = type === 'ftyp' ? text(head, 8, 4) : '';
  return imageBrands.includes(brand) ? null : 'mov';
}

function lookForMatroska(head: Uint8Array): Container | null {
  if (!has(head, 0, '\x1a\x45\xdf\xa3')) return null;
  // The doc type stands in the first element, which is some 40 bytes long.
  return /matroska|webm/.test(text(head, 4, 256)) ? 'matroska' : null;
}

const oggStreams = ['\x80theora', 'OVP80', '\x01video', '\x01vorbis', 'OpusHead', '\x7fFLAC', 'Speex   '];

/** All streams of an Ogg file introduce themselves before the first data: RFC 3533, section 4. */
function lookForOgg(head: Uint8Array): Container | null {
  for (let at = 0; has(head, at, 'OggS\x00');) {
    const segments = head[at + 26] ?? 0;
    const start = at + 27 + segments;
    if (oggStreams.some((name) => has(head, start, name))) return 'ogg';
    at = start + head.subarray(at + 27, start).reduce((length, segment) => length + segment, 0);
  }
  return null;
}

/** A pack header, and the marker bits that tell MPEG-1 and MPEG-2 apart. */
function lookForProgramStream(head: Uint8Array): Container | null {
  if (!has(head, 0, '\x00\x00\x01\xba')) return null;
  const marker = head[4] ?? 0;
  return marker >> 4 === 0b0010 || marker >> 6 === 0b01 ? 'mpegps' : null;
}

/** Plain; with a time stamp before each packet (Blu-ray, cameras); with an error correction after each (broadcast). */
const packetSizes = [188, 192, 204];
const fewestPackets = 5;

/** A recording may begin in the middle of a packet, but from there on every packet in sight has to begin like one. */
function lookForTransportStream(head: Uint8Array): Container | null {
  for (const size of packetSizes) {
    for (let start = 0; start < size && start + fewestPackets * size <= head.length; start += 1) {
      if (isPacketRow(head, start, size)) return 'mpegts';
    }
  }
  return null;
}

function isPacketRow(head: Uint8Array, start: number, size: number): boolean {
  for (let at = start; at + 4 <= head.length; at += size) {
    // The sync byte is a `G`; that a packet carries something at all keeps text full of them out.
    const carries = (head[at + 3] ?? 0) & 0x30;
    if (head[at] !== 0x47 || carries === 0) return false;
  }
  return true;
}

/** MP3, MP2 and ADTS without any header before. The layer tells them from UTF-16 text, which begins with FF FE. */
function lookForAudioFrame(head: Uint8Array): Container | null {
  const [sync = 0, kind = 0, rate = 0] = head;
  if (sync !== 0xff || kind < 0xe0) return null;
  const version = (kind >> 3) & 3;
  const layer = (kind >> 1) & 3;
  if (layer === 0) return kind >= 0xf0 ? 'aac' : null;
  return layer !== 3 && version !== 1 && rate >> 4 !== 15 && ((rate >> 2) & 3) !== 3 ? 'mp3' : null;
}

function has(head: Uint8Array, offset: number, bytes: string): boolean {
  return text(head, offset, bytes.length) === bytes;
}

function text(head: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...head.subarray(offset, offset + length));
}

function uint32(head: Uint8Array, offset: number): number {
  return new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(offset);
}

function shown(head: Uint8Array): string {
  return JSON.stringify(text(head, 0, 16));
}
