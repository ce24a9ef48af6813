import { altered, made } from '../../kit/videos.ts';
import { cutOff, renamed, upTo } from '../kit/bytes.ts';
import type { Case, Made } from '../kit/case.ts';
import { aac, bars, beeps, beepTimes, film, mpeg2, written, x264, type Bars } from '../kit/draw.ts';
import { steady } from '../kit/truth.ts';

const ntsc = 30_000 / 1001;
const two: Made = { seconds: 2, fps: 25, pictures: steady(25, 2), beeps: beepTimes(2) };

/** What the file shows by an independent decode. */
const asRead = { seconds: 'read', pictures: 'read', beeps: 'read' } as const;

/** Kinds that are decoded like others, and were before. */
const rare = [
  ...['AVI: motion JPEG and PCM', 'WebM: VP9 and Opus', 'HEVC, as phones write it', 'AV1 in MP4', 'FLAC in Matroska'],
  ...['AC-3 and E-AC-3: Matroska', 'Apple Lossless', 'MXF', '3GP'],
];

/** A codec or container that has to come out like any other. */
function like(name: string, extension: string, options: string[], more: Partial<Made> = {}, drawing: Bars = {}): Case {
  const often = rare.includes(name) ? { rare: true as const } : {};
  return { name, ...often, make: () => film(extension, drawing, options), expect: { ...two, ...more } };
}

/** How wide and high a picture of television is. */
const pal = { width: 720, height: 576, seconds: 1 };

export const formatCases: Case[] = [
  { ...like('MPEG-2 program stream', 'vob', [...mpeg2, '-c:a', 'mp2', '-f', 'vob']), profiles: ['idrl', 'hls'] },
  like(
    'MPEG-2 program stream at 29.97 with AC-3',
    'vob',
    [...mpeg2, '-c:a', 'ac3', '-f', 'dvd'],
    {
      ...{ seconds: 60 / ntsc, fps: ntsc, pictures: steady(ntsc, 2) },
    },
    { fps: '30000/1001' },
  ),
  like('MPEG-1 program stream', 'mpg', ['-c:v', 'mpeg1video', '-q:v', '3', '-bf', '2', '-c:a', 'mp2', '-f', 'vcd']),
  // Its muxer leaves a place for a picture empty, because MP3 begins a little before: the file is right, not the drawing.
  like('AVI: MPEG-4 and MP3', 'avi', ['-c:v', 'mpeg4', '-bf', '0', '-c:a', 'libmp3lame'], asRead),
  like('AVI: motion JPEG and PCM', 'avi', ['-c:v', 'mjpeg', '-bf', '0', '-pix_fmt', 'yuvj420p', '-c:a', 'pcm_s16le']),
  { ...like('AVI: IMA ADPCM', 'avi', ['-bf', '0', '-c:a', 'adpcm_ima_wav']), rare: true },
  like('WMV', 'wmv', ['-c:v', 'wmv2', '-bf', '0', '-c:a', 'wmav2']),
  like('Ogg: Theora and Vorbis', 'ogv', ['-c:v', 'libtheora', '-bf', '0', '-c:a', 'libvorbis']),
  like('Flash: Sorenson and Nellymoser', 'flv', ['-c:v', 'flv', '-bf', '0', '-c:a', 'nellymoser', '-ar', '22050']),
  like('WebM: VP9 and Opus', 'webm', [
    '-c:v',
    'libvpx-vp9',
    '-deadline',
    'realtime',
    '-cpu-used',
    '8',
    '-c:a',
    'libopus',
  ]),
  like('HEVC, as phones write it', 'mov', ['-c:v', 'libx265', '-x265-params', 'log-level=error', '-tag:v', 'hvc1']),
  like('AV1 in MP4', 'mp4', ['-c:v', 'libsvtav1', '-preset', '12', '-g', '25']),
  like('AC-3 and E-AC-3: Matroska', 'mkv', ['-c:a', 'eac3']),
  like('FLAC in Matroska', 'mkv', ['-c:a', 'flac']),
  like('Apple Lossless', 'mov', ['-c:a', 'alac']),
  like('IMA ADPCM of QuickTime', 'mov', ['-c:a', 'adpcm_ima_qt']),
  like('Blu-ray PCM', 'm2ts', ['-mpegts_m2ts_mode', '1', '-ac', '2', '-c:a', 'pcm_bluray']),
  like('QuickTime Animation', 'mov', ['-c:v', 'qtrle', '-pix_fmt', 'rgb24', '-c:a', 'pcm_s16le']),
  like(
    'CineForm',
    'mov',
    ['-c:v', 'cfhd', '-pix_fmt', 'yuv422p10le', '-c:a', 'pcm_s16le'],
    {},
    { width: 320, height: 180 },
  ),
  like('MXF', 'mxf', [...mpeg2, '-c:a', 'pcm_s16le', '-ar', '48000']),
  like('3GP', '3gp', ['-c:v', 'h263', '-bf', '0'], {}, { width: 176, height: 144 }),
  {
    name: 'raw DV',
    profiles: ['whole'],
    make: () =>
      made('dv', [
        ...bars({ ...pal, then: 'setdar=4/3' }),
        ...beeps({ seconds: 1, channels: 2 }),
        ...['-c:v', 'dvvideo', '-pix_fmt', 'yuv420p', '-c:a', 'pcm_s16le', '-ar', '48000'],
      ]),
    expect: { ...two, seconds: 1, pictures: steady(25, 1), beeps: beepTimes(1) },
  },
  {
    name: 'GIF',
    profiles: ['hls'],
    make: () => film('gif', { fps: 10, sound: null }, ['-c:v', 'gif', '-pix_fmt', 'rgb8']),
    expect: { ...two, fps: 10, pictures: steady(10, 2), beeps: null },
  },
  {
    rare: true,
    name: 'GIF whose pictures stay for different times',
    profiles: ['whole'],
    make: () =>
      film('gif', { fps: 10, seconds: 2, sound: null, then: `select='not(between(n,5,9))'` }, [
        '-c:v',
        'gif',
        '-pix_fmt',
        'rgb8',
      ]),
    expect: {
      ...two,
      fps: [10, 60],
      pictures: steady(10, 2).filter(([number]) => number < 5 || number > 9),
      slack: 1,
      beeps: null,
    },
  },
];

/** Streams that no clip uses. */
function words(): Promise<string> {
  return written('vtt', 'WEBVTT\n\n00:00.000 --> 00:02.000\nWords\n');
}

export const unusedCases: Case[] = [
  {
    name: '34 tracks of subtitles',
    make: async () => {
      const maps = Array.from({ length: 34 }, () => ['-map', '2:s']).flat();
      const inputs = [...bars(), ...beeps(), '-i', await words()];
      return made('mkv', [...inputs, '-map', '0:v', '-map', '1:a', ...maps, ...x264, ...aac, '-c:s', 'srt']);
    },
    expect: { ...two, mayWarn: ['tracks_ignored'] },
  },
  {
    name: 'subtitles that begin two seconds before the pictures',
    make: async () => {
      const late = ['-itsoffset', '2'];
      const inputs = [...late, ...bars(), ...late, ...beeps(), '-i', await words()];
      return made('mkv', [...inputs, '-map', '0', '-map', '1', '-map', '2', ...x264, ...aac, '-c:s', 'srt']);
    },
    expect: { ...two, mayWarn: ['tracks_ignored'] },
  },
  {
    name: 'a cover in TIFF',
    make: async () => {
      const cover = await made('tiff', ['-f', 'lavfi', '-i', 'color=red:s=64x64', '-frames:v', '1']);
      return film('mkv', {}, [
        '-attach',
        cover,
        '-metadata:s:t',
        'mimetype=image/tiff',
        '-metadata:s:t',
        'filename=cover.tiff',
      ]);
    },
    expect: { ...two, mayWarn: ['tracks_ignored'] },
  },
  {
    rare: true,
    name: 'a track of time codes',
    make: () => film('mov', {}, ['-timecode', '10:00:00:00']),
    expect: { ...two, mayWarn: ['tracks_ignored'] },
  },
  {
    rare: true,
    name: 'a font and chapters',
    make: async () => {
      const font = await words();
      return film('mkv', {}, ['-attach', font, '-metadata:s:t', 'mimetype=font/ttf']);
    },
    expect: { ...two, mayWarn: ['tracks_ignored'] },
  },
  {
    name: 'small pictures before the default ones',
    profiles: ['whole'],
    make: () =>
      made('mp4', [
        ...bars({ width: 64, height: 36, from: 1000 }),
        ...[...bars(), ...beeps(), '-map', '0', '-map', '1', '-map', '2'],
        ...['-disposition:v:0', '0', '-disposition:v:1', 'default', ...x264, ...aac],
      ]),
    expect: { ...two, size: [160, 90], mayWarn: ['tracks_ignored'] },
  },
  {
    name: 'a motion photo: a still before the film',
    profiles: ['hls'],
    make: () =>
      made('mov', [
        ...bars({ width: 320, height: 180, from: 1000, then: `select='eq(n,0)'` }),
        ...[...bars(), ...beeps(), '-map', '0', '-map', '1', '-map', '2', ...x264, ...aac],
      ]),
    expect: { ...two, mayWarn: ['tracks_ignored'] },
  },
];

/** What cannot be made says why. */
export const refusedCases: Case[] = [
  {
    name: 'tracks without a frame',
    make: async () =>
      altered('no frames', [await film('mp4', {}, ['-movflags', 'frag_keyframe+empty_moov'])], upTo('moof')),
    expect: { refused: /^source_/, words: /frame|nothing|empty|not a single/i },
  },
  {
    name: 'encrypted',
    make: () =>
      film('mp4', {}, [
        ...['-encryption_scheme', 'cenc-aes-ctr', '-encryption_key', '76a6c65c5ea762046bd749a2e632ccbb'],
        ...['-encryption_kid', 'a7e61c373e219033c21091fa607bf3b8'],
      ]),
    expect: { refused: /^source_/, words: /encrypted|protected/i },
  },
  {
    name: 'pictures of a codec that nothing decodes, by its name',
    make: async () => altered('unknown codec', [await film('mp4', { sound: null })], renamed('avc1', 'zzzz')),
    expect: { refused: /^source_unsupported$/, words: /zzzz/i },
  },
  {
    name: 'an animated WebP',
    make: () => film('webp', { fps: 10, sound: null }, ['-c:v', 'libwebp_anim', '-preset', 'default']),
    expect: { refused: /^source_/, words: /webp/i },
  },
  {
    name: 'the head of a Matroska file',
    make: async () => altered('head', [await film('mkv')], cutOff(0.05)),
    expect: { refused: /^source_/ },
  },
];
