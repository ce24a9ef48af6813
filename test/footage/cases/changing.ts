import { altered } from '../../kit/videos.ts';
import { displayed, inTurn } from '../kit/bytes.ts';
import type { Case } from '../kit/case.ts';
import { beepTimes, film, mpeg2, type Bars } from '../kit/draw.ts';
import { disc } from '../kit/shapes.ts';
import { steady } from '../kit/truth.ts';

const two = { seconds: 2, fps: 25, pictures: steady(25, 2), beeps: beepTimes(2) };
const four = { seconds: 4, fps: 25, pictures: steady(25, 4), beeps: beepTimes(4) };
const quick = ['-bf', '0', '-muxdelay', '0', '-muxpreload', '0', '-output_ts_offset'];

/** Two transport streams, the second of which goes on at 2 s where the first ends. */
async function inTwo(first: Bars, second: Bars, options: string[] = []): Promise<string> {
  const one = await film('ts', { ...first, sound: { seconds: 1.95 } }, [...options, ...quick, '1']);
  const other = await film('ts', { from: 50, ...second, sound: {} }, [...options, ...quick, '3']);
  return altered('in two', [one, other], inTurn);
}

/** Pictures of a disc and nothing else. @param aspect of a pixel */
function discs(width: number, height: number, aspect = 1): Bars {
  return { width, height, then: `${disc(width, height, aspect)},setsar=${Math.round(aspect * 3)}/3` };
}

/** Where an upright picture stands in a frame that lies. */
const upright = { x: 0.5 - 101 / 640, y: 0, width: 101 / 320, height: 1 };

/** Pictures that change their size or shape in the middle, and those that are to be turned or widened. */
export const shapeCases: Case[] = [
  {
    name: 'lying, then upright: every picture',
    profiles: ['hls'],
    make: () => inTwo({ width: 320, height: 180 }, { width: 180, height: 320 }),
    expect: { ...four, boxed: { from: 2, box: { hls: upright } }, size: [320, 180] },
  },
  {
    name: 'lying, then upright: a disc',
    profiles: ['idrl', 'whole'],
    make: () => inTwo(discs(320, 180), discs(180, 320)),
    expect: { ...four, pictures: null, disc: true },
  },
  {
    name: 'large, then small',
    profiles: ['whole'],
    make: () => inTwo({ width: 320, height: 180 }, { width: 160, height: 90 }),
    expect: { ...four, size: [320, 180] },
  },
  {
    name: 'square pixels, then wide ones: a disc',
    profiles: ['whole'],
    make: () => inTwo(discs(192, 144), discs(192, 144, 4 / 3), mpeg2),
    expect: { ...four, pictures: null, disc: true },
  },
  {
    name: 'wide pixels: a disc',
    profiles: ['hls'],
    make: () => film('mp4', discs(180, 144, 4 / 3)),
    expect: { ...two, pictures: null, disc: true },
  },
  {
    name: 'turned by its header: a disc',
    profiles: ['idrl'],
    make: async () => altered('a quarter', [await film('mp4', discs(120, 160, 4 / 3))], displayed([0, 1, -1, 0])),
    expect: { ...two, pictures: null, disc: true },
  },
  {
    name: 'mirrored by its header',
    profiles: ['whole'],
    make: async () => altered('mirrored', [await film('mp4', { then: 'hflip' })], displayed([-1, 0, 0, 1])),
    expect: two,
  },
  {
    name: '25, then 50 pictures a second',
    profiles: ['whole'],
    make: () => inTwo({}, { fps: 50 }),
    expect: {
      ...four,
      fps: 50,
      pictures: [...steady(25, 2), ...steady(50, 2, 50, 2)],
      // By transport stream the two meet within a tick.
      slack: 0.2,
    },
  },
];
