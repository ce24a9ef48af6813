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
} as const;

export type Container = keyof typeof demuxers;

/** Bytes of a head that are enough for every answer. */
export const headBytes = 4096;

/**
 * The container of a video file. Whether there is a picture in it is for ffprobe to say.
 * @param head the first `headBytes` bytes, all of them when the file is shorter
 * @throws Problem `source_no_picture` for what can only hold sound, `source_not_video` for all else
 */
export function sniffVideo(head: Uint8Array): Container {
  const kind = sniffFile(head);
  if (kind === 'audio') throw new Problem('source_no_picture', `sound only: ${shown(head)}`);
  if (kind === null) throw new Problem('source_not_video', `no container that we know: ${shown(head)}`);
  return kind;
}

/** What a file is: a container that may hold pictures, one that holds sound only, or neither. */
export function sniffFile(head: Uint8Array): Container | 'audio' | null {
  for (const [kind, offset, bytes] of signatures) if (has(head, offset, bytes)) return kind;
  for (const look of [lookForBoxes, lookForMatroska, lookForOgg, lookForProgramStream, lookForTransportStream]) {
    const kind = look(head);
    if (kind !== null) return kind;
  }
  return isAudioFrame(head) ? 'audio' : null;
}

const signatures: readonly (readonly [Container | 'audio', offset: number, bytes: string])[] = [
  ['avi', 8, 'AVI LIST'],
  ['flv', 0, 'FLV\x01'],
  ['asf', 0, '\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c'],
  // A header partition pack, SMPTE ST 377-1.
  ['mxf', 0, '\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02'],
  ['audio', 8, 'WAVEfmt '],
  ['audio', 8, 'WAVEds64'],
  ['audio', 8, 'WAVEbext'],
  ['audio', 8, 'WAVEJUNK'],
  ['audio', 8, 'WAVELIST'],
  ['audio', 8, 'AIFF'],
  ['audio', 8, 'AIFC'],
  ['audio', 0, 'fLaC'],
  ['audio', 0, 'ID3'],
  ['audio', 0, 'caff\x00\x01'],
  ['audio', 0, '#!AMR'],
  ['audio', 0, '.snd'],
  ['audio', 0, 'wvpk'],
  ['audio', 0, 'MAC '],
  ['audio', 0, 'MThd'],
  ['audio', 0, 'DSD '],
  ['audio', 0, '\x0b\x77'],
];

/** Boxes that an ISO or QuickTime file may begin with (ISO/IEC 14496-12; `wide` and `pnot` are of old QuickTime). */
const firstBoxes = ['ftyp', 'styp', 'moov', 'mdat', 'moof', 'sidx', 'free', 'skip', 'wide', 'pnot'];
const soundBrands = ['M4A ', 'M4B ', 'M4P ', 'F4A ', 'F4B '];
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

function lookForBoxes(head: Uint8Array): Container | 'audio' | null {
  const type = text(head, 4, 4);
  if (!firstBoxes.includes(type)) return null;
  const size = uint32(head, 0);
  // 1: a 64-bit size follows. 0: up to the end of the file.
  if (size > 1 && size < 8) return null;
  const brand = type === 'ftyp' ? text(head, 8, 4) : '';
  if (soundBrands.includes(brand)) return 'audio';
  return imageBrands.includes(brand) ? null : 'mov';
}

function lookForMatroska(head: Uint8Array): Container | null {
  if (!has(head, 0, '\x1a\x45\xdf\xa3')) return null;
  // The doc type stands in the first element, which is some 40 bytes long.
  return /matroska|webm/.test(text(head, 4, 256)) ? 'matroska' : null;
}

const oggPictures = ['\x80theora', 'OVP80', 'BBCD', '\x01video'];
const oggSound = ['\x01vorbis', 'OpusHead', '\x7fFLAC', 'Speex   '];

/** All streams of an Ogg file introduce themselves before the first data: RFC 3533, section 4. */
function lookForOgg(head: Uint8Array): Container | 'audio' | null {
  const packets: string[] = [];
  for (let at = 0; has(head, at, 'OggS\x00');) {
    const segments = head[at + 26] ?? 0;
    const start = at + 27 + segments;
    packets.push(text(head, start, 8));
    at = start + head.subarray(at + 27, start).reduce((length, segment) => length + segment, 0);
  }
  const startsWithOne = (names: string[]) => packets.some((packet) => names.some((name) => packet.startsWith(name)));
  if (startsWithOne(oggPictures)) return 'ogg';
  return startsWithOne(oggSound) ? 'audio' : null;
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
function isAudioFrame(head: Uint8Array): boolean {
  const [sync = 0, kind = 0, rate = 0] = head;
  if (sync !== 0xff || kind < 0xe0) return false;
  const version = (kind >> 3) & 3;
  const layer = (kind >> 1) & 3;
  if (layer === 0) return kind >= 0xf0;
  return layer !== 3 && version !== 1 && rate >> 4 !== 15 && ((rate >> 2) & 3) !== 3;
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
