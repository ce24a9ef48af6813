import type { Case } from '../kit/case.ts';
import { beepTimes, film, mpeg2 } from '../kit/draw.ts';
import { stripes } from '../kit/shapes.ts';
import { steady } from '../kit/truth.ts';

const two = { seconds: 2, fps: 25, pictures: steady(25, 2), beeps: beepTimes(2) };
const size = { width: 192, height: 108 };

/** How fast what moves does so, in pixels a field. */
const speed = 3;

/** Motion of 50 fields a second, of which two show the same number, as frames of both or of the first alone. */
function fields(then: string, { width, height } = size) {
  return { fps: 50, each: 2, width, height, then: `${stripes(height, speed)},${then}` };
}

const isInterlaced = ['-flags', '+ildct+ilme'];
const x264Fields = (order: 'tff' | 'bff') => [...isInterlaced, '-x264-params', `${order}=1`];
const weave = (order: 'tff' | 'bff') => fields(`interlace=scan=${order}:lowpass=off`);
/** What MPEG-2 leaves out of fields is combing too; the original is finer. */
const fine = ['-q:v', '1', '-qmin', '1'];
const prores = ['-c:v', 'prores', '-pix_fmt', 'yuv422p10le'];
/** Decoded, the very pictures that were encoded; between key pictures, x264 is not that exact with fields. */
const lossless = ['-qp', '0', '-g', '1'];

const original = 'progressive motion';
const scan = (scan: string) => ({ media: { video: { scan } } });
const combed = { ...two, combLike: original, ...scan('interlaced') };

/** Interlaced, progressive, and film in television's clothes. */
export const interlacedCases: Case[] = [
  {
    name: original,
    make: () => film('mkv', fields('framestep=2')),
    expect: { ...two, ...scan('progressive') },
  },
  {
    name: 'interlaced MPEG-2, top field first',
    profiles: ['idrl', 'hls'],
    make: () => film('ts', weave('tff'), [...mpeg2, ...fine, ...isInterlaced, '-top', '1']),
    expect: combed,
  },
  {
    name: 'interlaced MPEG-2, bottom field first',
    make: () => film('mpg', weave('bff'), [...mpeg2, ...fine, ...isInterlaced, '-top', '0', '-c:a', 'mp2']),
    expect: combed,
  },
  {
    name: 'interlaced H.264, top field first',
    make: () => film('mp4', weave('tff'), x264Fields('tff')),
    expect: combed,
  },
  {
    rare: true,
    name: 'interlaced H.264, bottom field first',
    make: () => film('mkv', weave('bff'), x264Fields('bff')),
    expect: combed,
  },
  {
    name: 'interlaced ProRes',
    make: () => film('mov', weave('tff'), [...prores, ...isInterlaced]),
    expect: combed,
  },
  {
    name: 'interlaced and marked with the wrong order of fields',
    profiles: ['whole'],
    make: () => film('mkv', fields('interlace=scan=tff:lowpass=off,setfield=bff'), x264Fields('bff')),
    expect: combed,
  },
  {
    name: 'interlaced and marked as progressive',
    profiles: ['whole'],
    make: () => film('mkv', fields('interlace=scan=tff:lowpass=off,setfield=prog')),
    expect: combed,
  },
  {
    name: 'progressive and lossless',
    make: () => film('mkv', fields('framestep=2'), lossless),
    expect: { ...two, ...scan('progressive') },
  },
  {
    name: 'progressive marked as interlaced',
    profiles: ['idrl', 'whole'],
    make: () => film('mkv', fields('framestep=2,setfield=tff'), [...lossless, ...x264Fields('tff')]),
    expect: { ...two, sameAs: 'progressive and lossless', ...scan('progressive') },
  },
  ...(['tff', 'bff'] as const).map((order): Case => ({
    name: `film in television of 59.94 fields: ${order}`,
    ...(order === 'tff' ? {} : { rare: true }),
    profiles: ['whole'],
    make: () =>
      film(
        'mkv',
        {
          ...size,
          ...{ fps: '24000/1001', seconds: 3 },
          then: `${stripes(size.height, speed)},telecine=pattern=23:first_field=${order === 'tff' ? 'top' : 'bottom'},setfield=${order}`,
        },
        x264Fields(order),
      ),
    expect: {
      ...{ seconds: 72 / (24_000 / 1001), fps: 24_000 / 1001 },
      ...{ pictures: steady(24_000 / 1001, 3), beeps: beepTimes(3) },
      ...{ slack: 1.01, ragged: 1 },
      ...scan('telecine'),
    },
  })),
];
