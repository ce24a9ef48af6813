import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Problem } from '../../shared/task/problem.ts';
import { toolEnvironment } from '../ffmpeg/environment.ts';
import { findTools, type Tools } from '../ffmpeg/tools.ts';
import { demuxers, headBytes, sniffFile, sniffVideo } from './sniff.ts';

const run = (tool: string, args: string[]) =>
  promisify(execFile)(tool, args, { env: toolEnvironment(process.env), timeout: 20_000 });
const bytes = (text: string, length = headBytes) => {
  const head = Buffer.alloc(Math.max(length, text.length));
  head.write(text, 'latin1');
  return head;
};
const page = (packet: string) => `OggS\0\x02${'\0'.repeat(20)}\x01${String.fromCharCode(packet.length)}${packet}`;
const ftyp = (brand: string) => `\0\0\0\x18ftyp${brand}\0\0\0\0isommp42`;

let tools: Tools;
let folder: string;
before(async () => {
  tools = await findTools(process.env);
  folder = await mkdtemp(path.join(os.tmpdir(), 'claqueta-sniff-'));
});
after(() => rm(folder, { recursive: true, force: true }));

/** Half a second of picture and sound, in FFmpeg's own words for container and codecs. */
const drawn = {
  'clip.mp4': ['mov', '-c:v mpeg4 -c:a aac -f mp4'],
  'faststart.mp4': ['mov', '-c:v mpeg4 -c:a aac -f mp4 -movflags +faststart'],
  'fragments.mp4': ['mov', '-c:v mpeg4 -c:a aac -f mp4 -movflags frag_keyframe+empty_moov'],
  'clip.mov': ['mov', '-c:v mpeg4 -c:a pcm_s16le -f mov'],
  'clip.3gp': ['mov', '-c:v mpeg4 -c:a aac -f 3gp'],
  'clip.mkv': ['matroska', '-c:v mpeg4 -c:a aac -f matroska'],
  'clip.avi': ['avi', '-c:v mpeg4 -c:a pcm_s16le -f avi'],
  'clip.ts': ['mpegts', '-c:v mpeg2video -c:a mp2 -f mpegts'],
  'clip.m2ts': ['mpegts', '-c:v mpeg2video -c:a mp2 -f mpegts -mpegts_m2ts_mode 1'],
  'clip.mpg': ['mpegps', '-c:v mpeg1video -c:a mp2 -f mpeg'],
  'clip.vob': ['mpegps', '-c:v mpeg2video -c:a mp2 -f vob'],
  'clip.flv': ['flv', '-c:v flv -an -f flv'],
  'clip.wmv': ['asf', '-c:v wmv2 -c:a wmav2 -f asf'],
  'clip.mxf': ['mxf', '-c:v mpeg2video -an -f mxf'],
} as const;

for (const [name, [container, options]] of Object.entries(drawn)) {
  test(`${name} is known, and opens with the one demuxer that it is given`, async () => {
    const file = await draw(name, options);
    const kind = sniffVideo(await headOf(file));
    assert.equal(kind, container);
    const flags = [
      '-v',
      'error',
      '-format_whitelist',
      demuxers[kind],
      '-show_entries',
      'stream=codec_type',
      '-of',
      'csv',
    ];
    const { stdout } = await run(tools.ffprobe, [...flags, file]);
    assert.match(stdout, /video/);
  });
}

const sounds = {
  'sound.wav': ['wav', '-c:a pcm_s16le -f wav'],
  'sound.flac': ['flac', '-c:a flac -f flac'],
  'sound.aac': ['aac', '-c:a aac -f adts'],
  'sound.m4a': ['mov', '-c:a aac -f ipod'],
  'sound.aiff': ['aiff', '-c:a pcm_s16be -f aiff'],
  'sound.mp2': ['mp3', '-c:a mp2 -f mp2'],
  'sound.ac3': ['ac3', '-c:a ac3 -f ac3'],
  'sound.caf': ['caf', '-c:a pcm_s16le -f caf'],
  'sound.au': [null, '-c:a pcm_s16be -f au'],
} as const;

for (const [name, [kind, options]] of Object.entries(sounds)) {
  test(`${name} is known by its beginning`, async () => {
    assert.equal(sniffFile(await headOf(await draw(name, `-vn ${options}`))), kind);
  });
}

test('moving GIF and raw DV are taken', async () => {
  assert.equal(sniffFile(await headOf(await draw('moving.gif', '-an -f gif'))), 'gif');
  assert.equal(sniffFile(await headOf(await draw('raw.dv', '-s 720x576 -r 25 -an -pix_fmt yuv420p -f dv'))), 'dv');
});

test('what is sent in place of a video is called by its name', () => {
  const words = (text: string) => {
    try {
      return sniffVideo(bytes(text));
    } catch (error) {
      return error instanceof Problem ? error.message : error;
    }
  };
  assert.equal(words('\xff\xd8\xff\xe0\0\x10JFIF'), 'This is a picture, not a video.');
  assert.match(String(words('PK\x03\x04')), /archive/);
  assert.match(String(words('RIFF\x24\0\0\0WEBPVP8 ')), /WebP/);
});

test('raw pictures without a container are not accepted', async () => {
  const head = await headOf(await draw('raw.m2v', '-an -c:v mpeg2video -f mpeg2video'));
  assert.equal(sniffFile(head), null);
  assert.equal(sniffFile(bytes('\0\0\0\x01\x67\x64\0\x1f')), null, 'H.264');
  assert.equal(sniffFile(bytes('\0\0\0\x01\x40\x01\x0c\x01')), null, 'HEVC');
});

test('what FFmpeg would open as a playlist, and other strangers, are no video', () => {
  const strangers = [
    '#EXTM3U\n#EXTINF:1,\n/etc/passwd\n',
    '\ufeff#EXTM3U\n',
    "ffconcat version 1.0\nfile '/etc/passwd'\n",
    '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"/>',
    '[playlist]\nFile1=http://127.0.0.1/\n',
    'v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n',
    ';FFMETADATA1\n',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="/etc/passwd"/></svg>',
    '<!DOCTYPE html><html>',
    '<html><body>ftypisom</body></html>',
    '\x89PNG\r\n\x1a\n',
    '\xff\xd8\xff\xe0\0\x10JFIF',
    'RIFF\x24\0\0\0WEBPVP8 ',
    'RIFF\x24\0\0\0ACON',
    'BM\x36\0\0\0',
    'II*\0',
    '%PDF-1.7',
    'PK\x03\x04',
    '\x1f\x8b\x08',
    'Rar!\x1a\x07',
    '7z\xbc\xaf\x27\x1c',
    '\x7fELF',
    'MZ\x90',
    '#!/bin/sh\n',
    '{"error":"not found"}',
    'ftypisom',
    '\x1a\x45\xdf\xa3\x8b\x42\x82\x88document',
    'OggS\0\x02',
    page('fishead\0'),
    '\xff\xfe<\0h\0t\0m\0l\0',
    '\xff\xfeA\0B\0',
    '\xfe\xff\0<\0h',
    '\0\0\0\x05free',
    '\0\0\x01\xba\xff',
    ...['mif1', 'heic', 'avif', 'avis', 'jp2 ', 'crx '].map(ftyp),
  ];
  for (const stranger of strangers) {
    assert.equal(sniffFile(bytes(stranger)), null, JSON.stringify(stranger));
    assert.throws(() => sniffVideo(bytes(stranger)), { code: 'source_not_video' });
  }
  assert.equal(sniffFile(Buffer.alloc(headBytes)), null);
  assert.equal(sniffFile(Buffer.alloc(headBytes, 'G')), null, 'text full of the sync byte of a transport stream');
});

test('a beginning of any length is judged without failing', async () => {
  const heads = [ftyp('isom'), page('\x80theora'), 'FLV\x01', '\x1a\x45\xdf\xa3', '\0\0\x01\xba', '\xff'];
  for (const head of [...heads.map((text) => bytes(text)), await headOf(await draw('clip.ts', drawn['clip.ts'][1]))])
    for (let length = 0; length < 64; length += 1) sniffFile(head.subarray(0, length));
  assert.throws(() => sniffVideo(new Uint8Array()), Problem);
});

test('a view into a larger buffer is judged by its own bytes', () => {
  const larger = Buffer.concat([Buffer.from('\0\0\0\x02text'), bytes(ftyp('isom'))]);
  assert.equal(sniffFile(larger.subarray(8)), 'mov');
  assert.equal(sniffFile(larger), null);
});

test('WebM, QuickTime of old and sounds are told apart', () => {
  assert.equal(sniffFile(bytes('\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm')), 'matroska');
  assert.equal(sniffFile(bytes('\0\0\0\x08wide\0\x01\0\0mdat')), 'mov');
  assert.equal(sniffFile(bytes('\0\0\0\x01mdat\0\0\0\0\0\x10\0\0')), 'mov');
  assert.equal(sniffFile(bytes(ftyp('qt  '))), 'mov');
  assert.equal(sniffFile(bytes(ftyp('M4A '))), 'mov');
  assert.equal(sniffFile(bytes('ID3\x04\0')), 'mp3');
  assert.equal(sniffFile(bytes('\xff\xfb\x90\x64')), 'mp3');
  assert.equal(sniffFile(bytes('\xff\xf1\x50\x80')), 'aac');
});

test('an Ogg file is known by any of its streams', () => {
  assert.equal(sniffFile(bytes(page('\x80theora\x03'))), 'ogg');
  assert.equal(sniffFile(bytes(page('fishead\0') + page('\x01vorbis') + page('\x80theora'))), 'ogg');
  assert.equal(sniffFile(bytes(page('\x01vorbis'))), 'ogg');
  assert.equal(sniffFile(bytes(page('OpusHead'))), 'ogg');
});

test('a transport stream that begins in the middle of a packet, or is broadcast with correction, is known', () => {
  const stream = (size: number) =>
    Buffer.alloc(headBytes, Buffer.from(`G\x1f\xff\x10${'.'.repeat(size - 4)}`, 'latin1'));
  for (const size of [188, 192, 204]) {
    assert.equal(sniffFile(stream(size)), 'mpegts');
    assert.equal(sniffFile(stream(size).subarray(100)), 'mpegts');
  }
  assert.equal(sniffFile(stream(190)), null);
});

async function draw(name: string, options: string): Promise<string> {
  const file = path.join(folder, name);
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=352x288:rate=25:duration=0.5'];
  const sound = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100:duration=0.5'];
  await run(tools.ffmpeg, ['-v', 'error', '-y', ...picture, ...sound, '-threads', '1', ...options.split(' '), file]);
  return file;
}

async function headOf(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
