import { altered, made } from '../../kit/videos.ts';
import { inTurn, renamed } from '../kit/bytes.ts';
import type { Case } from '../kit/case.ts';
import { aac, bars, beeps, beepTimes, film, silence, x264, type Beeps } from '../kit/draw.ts';
import { steady } from '../kit/truth.ts';

const two = { seconds: 2, fps: 25, pictures: steady(25, 2), beeps: beepTimes(2) };
const pcm = ['-c:a', 'pcm_s16le'];

/** Beeps that are not those of the track that is right: 0.2 s earlier. */
const other: Beeps = { from: 0.2 };
const otherTimes = beepTimes(2, 0.2);

/** Pictures beside several tracks of sound. */
function tracks(extension: string, sounds: string[][], options: string[]): Promise<string> {
  const maps = sounds.flatMap((_, track) => ['-map', `${track + 1}:a`]);
  return made(extension, [...bars(), ...sounds.flat(), '-map', '0:v', ...maps, ...x264, ...aac, ...options]);
}

const several = { mayWarn: ['tracks_ignored'] };

export const trackCases: Case[] = [
  {
    name: 'two tracks of one channel each are left and right',
    profiles: ['idrl', 'hls'],
    make: () => tracks('mov', [beeps(), beeps({ ...other, hertz: 1500 })], pcm),
    expect: {
      ...two,
      beeps: [...two.beeps, ...otherTimes].sort((a, b) => a - b),
      ...{ left: two.beeps, right: otherTimes },
      ...several,
    },
  },
  {
    name: 'the first track is silent',
    make: () => tracks('mp4', [silence(), beeps()], []),
    expect: { ...two, ...several },
  },
  {
    name: 'the second track is the default one',
    make: () =>
      tracks(
        'mkv',
        [beeps({ ...other, channels: 2 }), beeps({ channels: 2 })],
        ['-disposition:a:0', '0', '-disposition:a:1', 'default'],
      ),
    expect: { ...two, ...several },
  },
  {
    rare: true,
    name: 'no track is the default one: the first with sound',
    make: () =>
      tracks(
        'mkv',
        [beeps({ channels: 2 }), beeps({ ...other, channels: 2 })],
        ['-disposition:a:0', '0', '-disposition:a:1', '0'],
      ),
    expect: { ...two, ...several },
  },
  {
    name: 'a commentary before the main track',
    make: () =>
      tracks(
        'mkv',
        [beeps({ ...other, channels: 2 }), beeps({ channels: 2 })],
        ['-disposition:a:0', 'comment', '-disposition:a:1', 'default'],
      ),
    expect: { ...two, ...several },
  },
  {
    name: 'a second track that is not decoded: Microsoft ADPCM',
    make: () => tracks('mkv', [beeps(), beeps(other)], ['-c:a:1', 'adpcm_ms']),
    expect: { ...two, warns: ['tracks_ignored'], mayWarn: ['audio_undecodable'] },
  },
  {
    name: 'a second track that is not decoded: broadcast PCM',
    make: () => tracks('ts', [beeps(), beeps({ channels: 2 })], ['-c:a:1', 's302m', '-strict', '-2']),
    expect: { ...two, mayWarn: ['tracks_ignored', 'audio_undecodable'] },
  },
  {
    name: 'sound that nothing decodes, beside pictures',
    make: async () => altered('AC-4', [await film('mp4', {}, ['-c:a', 'libopus'])], renamed('Opus', 'ac-4')),
    expect: { ...two, beeps: null, warns: ['audio_undecodable'], mayWarn: ['tracks_ignored'] },
  },
  {
    name: 'silence',
    make: () => made('mp4', [...bars(), ...silence(), ...x264, ...aac]),
    expect: { ...two, beeps: null, silent: true, warns: ['audio_silent'] },
  },
  {
    name: 'a tone keeps its loudness',
    make: () => made('mp4', [...bars({ seconds: 3 }), '-f', 'lavfi', '-i', 'sine=f=997:r=48000:d=3', ...x264, ...aac]),
    expect: { seconds: 3, fps: 25, pictures: steady(25, 3), beeps: 'any', lufs: 'source' },
  },
];

/** Beeps on every channel of a layout that has no name, or of any number of them. */
function channels(extension: string, count: number, options: string[] = pcm): Promise<string> {
  const spread = Array.from({ length: count }, (_, channel) => `c${channel}=c0`).join('|');
  return film(extension, {}, ['-af', `pan=${count}C|${spread}`, ...options]);
}

/** Nobody knows where channels without a layout belong, which may be told. */
const unnamed = { ...two, mayWarn: ['audio_mixed'] };

export const channelCases: Case[] = [
  { name: '5.1 AAC', make: () => film('mp4', { sound: { channels: 6 } }), expect: two },
  { rare: true, name: '7.1 AAC', make: () => film('mp4', { sound: { channels: 8 } }), expect: two },
  {
    name: '7.1 PCM in QuickTime',
    profiles: ['idrl'],
    make: () => film('mov', { sound: { channels: 8 } }, pcm),
    expect: two,
  },
  {
    name: '5.1 with beeps in the centre only',
    make: () => film('mkv', { sound: { channels: 6, only: [2] } }, ['-c:a', 'ac3']),
    expect: { ...two, left: two.beeps, right: two.beeps },
  },
  {
    name: 'stereo with beeps at the right only',
    make: () => film('mkv', { sound: { channels: 2, only: [1] } }, pcm),
    expect: { ...two, left: [], right: two.beeps },
  },
  { rare: true, name: 'three channels without a layout', make: () => channels('mkv', 3), expect: unnamed },
  { name: 'nine channels without a layout', make: () => channels('mov', 9), expect: unnamed },
  { rare: true, name: 'sixteen channels', make: () => channels('mov', 16), expect: unnamed },
  { name: 'sixty channels', profiles: ['whole'], make: () => channels('mov', 60), expect: unnamed },
  {
    rare: true,
    name: '8 kHz of 8 bits',
    make: () => film('avi', { sound: { rate: 8000 } }, ['-bf', '0', '-c:a', 'pcm_u8']),
    expect: two,
  },
  {
    rare: true,
    name: '96 kHz of 24 bits',
    make: () => film('mov', { sound: { rate: 96_000 } }, ['-c:a', 'pcm_s24le']),
    expect: two,
  },
  { rare: true, name: '11.025 kHz', make: () => film('mp4', { sound: { rate: 11_025 } }), expect: two },
];

/**
 * Two transport streams after each other, whose second goes on where the first ends. The sound of the first ends a little
 * earlier, for encoders fill up their last frame: sounds that overlap are nobody's recording.
 */
async function changing(first: Beeps, options: string[], second: Beeps, more: string[]): Promise<string> {
  // None begins at 0: what an encoder puts before its sound would move all of it.
  const quick = ['-bf', '0', '-muxdelay', '0', '-muxpreload', '0', '-output_ts_offset'];
  const one = await film('ts', { sound: { ...first, seconds: 1.95 } }, [...quick, '1', ...options]);
  const two = await film('ts', { from: 50, sound: second }, [...quick, '3', ...more]);
  return altered('in turn', [one, two], inTurn);
}

const four = { seconds: 4, fps: 25, pictures: steady(25, 4), beeps: beepTimes(4) };

export const changingSoundCases: Case[] = [
  {
    name: 'sound that goes from 5.1 to stereo',
    profiles: ['idrl', 'hls'],
    make: () => changing({ channels: 6 }, [], { channels: 2 }, []),
    expect: four,
  },
  {
    name: 'sound that goes from one channel to two',
    make: () => changing({}, [], { channels: 2 }, []),
    expect: four,
  },
  {
    rare: true,
    name: 'sound that goes from two channels to one',
    make: () => changing({ channels: 2 }, ['-c:a', 'mp2'], {}, ['-c:a', 'mp2']),
    expect: four,
  },
  {
    rare: true,
    name: 'sound that goes from 44.1 to 48 kHz',
    make: () => changing({ rate: 44_100 }, [], {}, []),
    expect: four,
  },
];

/** Sound alone. */
function alone(extension: string, options: string[]): Case {
  return {
    name: `sound alone: ${extension} ${options[1]}`,
    make: () => made(extension, [...beeps({ seconds: 3, channels: 2 }), ...options]),
    expect: { seconds: 3, fps: [1, 60], pictures: null, beeps: beepTimes(3), warns: ['pictures_missing'], ragged: 2 },
  };
}

/** With a cover. */
function covered(extension: string, options: string[]): Case {
  const cover = ['-f', 'lavfi', '-i', 'color=red:s=64x64:r=1:d=1', '-map', '0:a', '-map', '1:v'];
  return {
    ...alone(extension, options),
    name: `sound alone with a cover: ${extension}`,
    make: () =>
      made(extension, [
        ...beeps({ seconds: 3, channels: 2 }),
        ...cover,
        ...options,
        '-c:v',
        'mjpeg',
        '-disposition:v:0',
        'attached_pic',
      ]),
  };
}

export const soundAloneCases: Case[] = [
  { ...alone('mp3', ['-c:a', 'libmp3lame']), profiles: ['idrl', 'hls'] },
  alone('m4a', ['-c:a', 'aac']),
  { ...alone('wav', ['-c:a', 'pcm_s16le']), rare: true },
  { ...alone('opus', ['-c:a', 'libopus']), rare: true },
  { ...alone('flac', ['-c:a', 'flac']), rare: true },
  { ...alone('ogg', ['-c:a', 'libvorbis']), rare: true },
  { ...alone('mka', ['-c:a', 'aac']), rare: true },
  covered('mp3', ['-c:a', 'libmp3lame']),
  { ...covered('m4a', ['-c:a', 'aac']), rare: true },
];
