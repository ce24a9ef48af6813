import { altered, copied, made } from '../../kit/videos.ts';
import { cutOff, inTurn, withLength } from '../kit/bytes.ts';
import type { Case, Made } from '../kit/case.ts';
import { bars, beeps, beepTimes, film, x264 } from '../kit/draw.ts';
import { steady, type Shown } from '../kit/truth.ts';

const film24 = 24_000 / 1001;
const two = { seconds: 2, fps: 25, pictures: steady(25, 2), beeps: beepTimes(2) };
/** Sound without a delay and pictures in order, for there is no edit list to tell of either. */
const fragments = ['-bf', '0', '-c:a', 'alac', '-movflags', 'frag_keyframe+empty_moov'];

/** Pictures at times that an expression computes, without reordering, as cameras write them. */
function timed(
  extension: string,
  times: string,
  drawing: { fps: number | string; seconds: number },
  options: string[] = [],
) {
  return film(extension, { ...drawing, then: `settb=1/90000,setpts='${times}'` }, [
    ...['-bf', '0', '-enc_time_base', '1:90000'],
    ...options,
  ]);
}

/** Numbers at times. */
function shownAt(count: number, time: (number: number) => number): Shown[] {
  return Array.from({ length: count }, (_, number) => [number, time(number)] as const);
}

/** Clocks that are not what they should be: strays, jitter, holes, edits, headers that do not know. */
export const stampCases: Case[] = [
  {
    name: 'one picture of 240 early by 40 ms',
    profiles: ['whole'],
    make: () => timed('mkv', 'PTS-if(eq(N,1),0.04/TB,0)', { fps: '24000/1001', seconds: 10.01 }),
    expect: { seconds: 240 / film24, fps: film24, pictures: steady(film24, 10.01), beeps: beepTimes(10.01) },
  },
  {
    name: 'one picture of 300 early by 20 ms',
    profiles: ['whole'],
    make: () => timed('mkv', 'PTS-if(eq(N,150),0.02/TB,0)', { fps: 30, seconds: 10 }),
    expect: { seconds: 10, fps: 30, pictures: steady(30, 10), beeps: beepTimes(10) },
  },
  {
    name: 'a camera that shakes by 3 ms at 29.85 a second',
    profiles: ['hls'],
    make: () => timed('mkv', '(N/29.85+0.003*sin(N*7)*gte(N,1))/TB', { fps: 30, seconds: 8 }),
    expect: {
      seconds: 240 / 29.85,
      fps: [29.5, 30.5],
      pictures: shownAt(240, (number) => number / 29.85),
      beeps: beepTimes(8),
      slack: 1.1,
      ragged: 1,
    },
  },
  {
    name: 'a clock of 1/600 s',
    profiles: ['hls'],
    make: () => film('mov', { fps: '30000/1001', seconds: 4 }, ['-video_track_timescale', '600']),
    expect: {
      seconds: 120 / (30_000 / 1001),
      fps: 30_000 / 1001,
      pictures: steady(30_000 / 1001, 4),
      beeps: beepTimes(4),
    },
  },
  {
    rare: true,
    name: 'a variable rate with a mean of 30',
    profiles: ['whole'],
    make: () => timed('mp4', '(N/30+0.008*sin(N/9))/TB', { fps: 30, seconds: 5 }),
    expect: {
      seconds: 5,
      fps: [29.9, 60],
      pictures: shownAt(150, (number) => number / 30 + 0.008 * Math.sin(number / 9)),
      beeps: beepTimes(5),
      slack: 1.1,
      ragged: 1,
    },
  },
  {
    name: 'a recording of a screen that stands still for a second',
    make: () => timed('mkv', 'PTS+gte(N,25)/TB', { fps: 25, seconds: 2 }, ['-t', '3']),
    expect: {
      seconds: 3,
      fps: 25,
      pictures: shownAt(50, (number) => number / 25 + (number >= 25 ? 1 : 0)),
      beeps: beepTimes(2),
    },
  },
  {
    name: 'sound with a hole of a second',
    profiles: ['idrl', 'whole'],
    make: () =>
      made('mkv', [
        ...bars({ seconds: 4 }),
        ...beeps({ seconds: 4 }),
        ...x264,
        // What is left out is missing in the file too: the encoder goes on where sound does.
        ...['-c:a', 'pcm_s16le', '-af', `aselect='not(between(t,1,2))'`],
      ]),
    expect: { seconds: 4, fps: 25, pictures: steady(25, 4), beeps: beepTimes(4).filter((at) => at < 1 || at > 2) },
  },
  {
    rare: true,
    name: 'fragments whose header has no length',
    make: () => film('mp4', {}, fragments),
    expect: two,
  },
  {
    name: 'fragments whose header has a length of all ones',
    make: async () => altered('all ones', [await film('mp4', {}, fragments)], withLength(0xffffffff)),
    expect: two,
  },
  {
    name: 'a second of fragments with an index of their own',
    make: () =>
      film('mp4', { seconds: 1 }, [...fragments, '-movflags', 'frag_keyframe+empty_moov+dash+global_sidx', '-g', '5']),
    expect: { ...two, seconds: 1, pictures: steady(25, 1), beeps: beepTimes(1) },
  },
  {
    name: 'trimmed without encoding: the key picture lies before the edit',
    profiles: ['idrl', 'hls'],
    make: async () => copied(await film('mp4', { seconds: 3 }), ['-ss', '0.48'], [], 'mp4'),
    expect: { seconds: 2.52, fps: 25, pictures: steady(25, 2.52, 12), beeps: beepTimes(2.52, 0.48) },
  },
  {
    name: 'reordered pictures without an edit list',
    make: () => film('mp4', { sound: null }, ['-bf', '3', '-use_editlist', '0']),
    expect: { ...two, beeps: null },
  },
  {
    name: 'the last picture an hour late',
    make: () => film('mkv', {}, ['-bf', '0', '-bsf:v', `setts=ts='TS+if(eq(N,49),3600/TB,0)'`]),
    expect: { ...two, ragged: 1, warns: ['timestamps_ignored'] },
  },
  {
    name: 'one picture in the middle an hour late',
    profiles: ['hls'],
    make: () => film('mkv', {}, ['-bf', '0', '-bsf:v', `setts=pts='PTS+if(eq(N,20),3600/TB,0)':dts=DTS`]),
    expect: { ...two, slack: 1, thinned: true, warns: ['timestamps_ignored'] },
  },
  {
    name: 'the last sound an hour late',
    profiles: ['whole'],
    make: () => film('mkv', {}, ['-bsf:a', `setts=ts='TS+if(eq(N,94),3600/TB,0)'`]),
    expect: { ...two, warns: ['timestamps_ignored'] },
  },
  {
    name: 'a clock that starts again',
    profiles: ['idrl'],
    make: async () => {
      const one = await film('ts');
      return altered('twice', [one, one], inTurn);
    },
    expect: { refused: /^source_unsupported$/, words: /clock|time ?stamp|starts again/i },
  },
];

/** A recording whose recorder crashed: 60 % of a file of 5 s. */
function crashed(container: 'mkv' | 'flv' | 'mp4' | 'ts' | 'avi', options: string[] = []): Promise<string> {
  const all = film(container, { seconds: 5 }, options);
  return all.then((file) => altered('60 %', [file], cutOff(0.6)));
}

const asFarAsItIs: Made = {
  ...({ seconds: 'read', pictures: 'read', beeps: 'read' } as const),
  ...{ fps: 25, ragged: 3, warns: ['source_truncated'] },
};

export const truncatedCases: Case[] = [
  {
    name: 'cut off: Matroska',
    profiles: ['idrl', 'hls'],
    make: () => crashed('mkv'),
    expect: asFarAsItIs,
  },
  ...(
    [
      ['flv', []],
      ['ts', []],
      ['avi', ['-bf', '0']],
    ] as const
  ).map(([container, options]): Case => ({
    name: `cut off: ${container}`,
    make: () => crashed(container, [...options]),
    // Only a transport stream does not say how long it should be.
    expect: container === 'ts' ? { ...asFarAsItIs, warns: [], mayWarn: ['source_truncated'] } : asFarAsItIs,
  })),
  {
    name: 'cut off: MP4 of fragments',
    make: () => crashed('mp4', fragments),
    expect: asFarAsItIs,
  },
  {
    name: 'cut off: MP4 with its index first',
    make: () => crashed('mp4', ['-movflags', '+faststart']),
    expect: asFarAsItIs,
  },
  {
    name: 'cut off: MP4 that has lost its index',
    make: () => crashed('mp4'),
    expect: { refused: /^source_truncated$/ },
  },
  {
    name: 'cut off, for an owner who wants whole ones only',
    make: () => crashed('mkv'),
    more: { on_truncated: 'refuse' },
    expect: { refused: /^source_truncated$/ },
  },
  {
    name: 'cut off fragments, for an owner who wants whole ones only',
    make: () => crashed('mp4', fragments),
    more: { on_truncated: 'refuse' },
    expect: { refused: /^source_truncated$/ },
  },
  {
    name: 'whole, for an owner who wants whole ones only',
    make: () =>
      made('webm', [
        ...bars(),
        ...beeps(),
        '-c:v',
        'libvpx',
        '-deadline',
        'realtime',
        '-c:a',
        'libopus',
        '-f',
        'webm',
        '-live',
        '1',
      ]),
    more: { on_truncated: 'refuse' },
    expect: two,
  },
];
