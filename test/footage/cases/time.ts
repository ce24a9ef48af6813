import type { Case } from '../kit/case.ts';
import { aac, bars, beeps, beepTimes, film, x264 } from '../kit/draw.ts';
import { steady } from '../kit/truth.ts';
import { made } from '../../kit/videos.ts';

const ntsc = (fps: number) => (fps * 1000) / 1001;

/** A source of a steady rate and its truth. */
function atRate(rate: string, fps: number, seconds = 2): Case {
  return {
    name: `${rate} pictures a second`,
    make: () => film('mp4', { fps: rate, seconds }),
    expect: {
      seconds: Math.round(seconds * fps) / fps,
      fps,
      pictures: steady(fps, seconds),
      beeps: beepTimes(seconds),
    },
  };
}

/** Lengths, rates, and where pictures and sound begin and end. */
export const timeCases: Case[] = [
  atRate('24000/1001', ntsc(24)),
  { ...atRate('30000/1001', ntsc(30)), rare: true },
  atRate('60000/1001', ntsc(60)),
  { ...atRate('50', 50), rare: true },
  { ...atRate('12', 12), rare: true },
  atRate('5', 5),
  {
    name: 'a fifth of a second',
    profiles: ['idrl', 'whole'],
    make: () => film('mp4', { seconds: 0.2, sound: { from: 0.15 } }),
    expect: { seconds: 0.2, fps: 25, pictures: steady(25, 0.2), beeps: [0.1] },
  },
  {
    rare: true,
    name: 'a fifth of a second of WebM without sound',
    make: () => film('webm', { seconds: 0.2, sound: null }, ['-c:v', 'libvpx', '-deadline', 'realtime']),
    expect: { seconds: 0.2, fps: 25, pictures: steady(25, 0.2), beeps: null },
  },
  {
    name: 'three minutes',
    profiles: ['hls'],
    make: () => film('mp4', { seconds: 180, fps: 5, width: 64, height: 36 }),
    expect: { seconds: 180, fps: 5, pictures: steady(5, 180), beeps: beepTimes(180) },
  },
  {
    name: 'one group of pictures of 45 s',
    profiles: ['whole'],
    make: () => film('mp4', { seconds: 45, fps: 10, width: 64, height: 36 }, ['-g', '9999', '-keyint_min', '9999']),
    expect: { seconds: 45, fps: 10, pictures: steady(10, 45), beeps: beepTimes(45) },
  },
  {
    name: 'seams inside groups of pictures that are reordered deeply',
    profiles: ['whole'],
    change: { part_seconds: 10 },
    make: () => film('mkv', { seconds: 13, width: 64, height: 36 }, ['-bf', '5', '-b_strategy', '0', '-g', '70']),
    expect: { seconds: 13, fps: 25, pictures: steady(25, 13), beeps: beepTimes(13) },
  },
  {
    name: 'sound longer than pictures',
    profiles: ['idrl', 'hls'],
    make: () => film('mp4', { seconds: 1, sound: { seconds: 4 } }),
    expect: { seconds: 4, fps: 25, pictures: steady(25, 1), beeps: beepTimes(4) },
  },
  {
    name: 'sound longer than pictures by a part, which has none of its own',
    profiles: ['idrl'],
    change: { part_seconds: 10 },
    make: () => film('mkv', { seconds: 1, sound: { seconds: 13 } }),
    expect: { seconds: 13, fps: 25, pictures: steady(25, 1), beeps: beepTimes(13) },
  },
  {
    name: 'sound shorter than pictures',
    make: () => film('mp4', { seconds: 3, sound: { seconds: 1 } }),
    expect: { seconds: 3, fps: 25, pictures: steady(25, 3), beeps: beepTimes(1) },
  },
  {
    name: 'sound a little longer than pictures, as encoders leave it',
    make: () => film('mov', { seconds: 2, sound: { seconds: 2.08 } }, ['-c:a', 'pcm_s16le']),
    expect: { seconds: 2, fps: 25, pictures: steady(25, 2), beeps: beepTimes(2) },
  },
  {
    name: 'sound that begins 0.7 s late',
    make: () => made('mp4', [...bars(), '-itsoffset', '0.7', ...beeps({ seconds: 1.3, from: 0.7 }), ...x264, ...aac]),
    expect: { seconds: 2, fps: 25, pictures: steady(25, 2), beeps: beepTimes(2).filter((at) => at > 0.7) },
  },
  {
    name: 'pictures that begin 0.8 s late',
    profiles: ['idrl', 'whole'],
    make: () => made('mp4', ['-itsoffset', '0.8', ...bars({ seconds: 1.2, from: 20 }), ...beeps(), ...x264, ...aac]),
    expect: { seconds: 2, fps: 25, pictures: steady(25, 1.2, 20, 0.8), beeps: beepTimes(2) },
  },
  ...(['mkv', 'ts', 'flv'] as const).map((container): Case => ({
    name: `a clock that begins at 5 s: ${container}`,
    ...(container === 'ts' ? {} : { rare: true }),
    make: () => film(container, {}, ['-output_ts_offset', '5']),
    expect: { seconds: 2, fps: 25, pictures: steady(25, 2), beeps: beepTimes(2) },
  })),
  {
    name: '119.88 pictures a second: every other one',
    profiles: ['whole'],
    make: () => film('mp4', { fps: '120000/1001', seconds: 2 }),
    expect: {
      seconds: 240 / ntsc(120),
      fps: ntsc(60),
      pictures: steady(ntsc(120), 2),
      beeps: beepTimes(2),
      slack: 0.6,
      thinned: true,
    },
  },
  {
    rare: true,
    name: '240 pictures a second: every fourth',
    profiles: ['whole'],
    make: () => film('mov', { fps: 240, seconds: 1.5 }),
    expect: { seconds: 1.5, fps: 60, pictures: steady(240, 1.5), beeps: beepTimes(1.5), slack: 0.8, thinned: true },
  },
];
