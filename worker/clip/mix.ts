import type { AudioStream } from '../../shared/task/media.ts';

/** What a channel gives to left and right; unmarked ones of the middle give 3 dB less to both (ITU-R BS.775-3, annex 4). */
const half = Math.SQRT1_2;
const shares: Readonly<Record<string, readonly [left: number, right: number]>> = {
  ...{ FL: [1, 0], FR: [0, 1], FC: [half, half], BL: [half, 0], BR: [0, half], SL: [half, 0], SR: [0, half] },
  ...{ FLC: [1, 0], FRC: [0, 1], BC: [0.5, 0.5], LFE: [0, 0], TFL: [half, 0], TFR: [0, half], TFC: [0.5, 0.5] },
  ...{
    TBL: [half, 0],
    TBR: [0, half],
    TBC: [0.5, 0.5],
    TC: [0.5, 0.5],
    WL: [half, 0],
    WR: [0, half],
    DL: [1, 0],
    DR: [0, 1],
  },
  // Ambisonics: the sum of all directions, and left minus right.
  ...{ W: [half, half], Y: [0.5, -0.5] },
};

/** Channels that FFmpeg mixes by itself, on every version, where it knows where they belong. */
const mostKnown = 6;

/**
 * Filters that mix channels down to one or two; none where FFmpeg does it right by itself. Channels are named by number:
 * by name, FFmpeg 7.0 takes those of 7.1 sound in QuickTime for unknown ones and fails. Of channels that nobody named, every
 * second one goes to the left. Pure.
 */
export function mixed({ channels, layout }: Pick<AudioStream, 'channels' | 'layout'>, to: 1 | 2): string[] {
  const isAmbisonic = layout?.[0] === 'W';
  if (channels <= 2 || (layout !== null && channels <= mostKnown && !isAmbisonic)) return [];
  const names = layout ?? null;
  const given = Array.from({ length: channels }, (_, at) => {
    const named = names === null ? undefined : (shares[names[at] ?? ''] ?? [0, 0]);
    return named ?? (at % 2 === 0 ? ([1, 0] as const) : ([0, 1] as const));
  });
  // Named channels as loud as FFmpeg mixes them; of the others the mean, for nobody knows how much is in each.
  const sign = names === null ? '<' : '=';
  const sum = (share: (of: readonly [number, number]) => number) =>
    given
      .flatMap((of, at) => (share(of) === 0 ? [] : [`${share(of).toFixed(3)}*c${at}`]))
      .join('+')
      .replaceAll('+-', '-');
  if (to === 1) return [`pan=mono|c0${sign}${sum(([left, right]) => (left + right) / 2)}`];
  return [`pan=stereo|c0${sign}${sum(([left]) => left)}|c1${sign}${sum(([, right]) => right)}`];
}
