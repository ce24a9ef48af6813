import { countBefore, greatest } from './numbers.ts';

/** A gap beside a stray is at least so long, in seconds, and so many times as long as any other. */
const shortestGap = 30;
const timesOthers = 20;

/** So many different time stamps at either end may be strays, of at least so many in all. */
const mostStrays = 2;
const fewest = 8;

/**
 * Which pictures are not strays: those of one or two time stamps at an end, far from all others, where no sound is. Pure.
 * A recording that holds its last picture for long has such a gap too; what tells them apart is that the sound goes on,
 * or that it held others for about as long.
 * @param times ascending, in seconds
 * @param sound where the sound lies; null for none
 * @returns places in `times`: from, and to (exclusive)
 */
export function withoutStrays(
  times: Float64Array,
  sound: { from: number; to: number } | null,
): { from: number; to: number } {
  const whole = { from: 0, to: times.length };
  if (times.length < fewest) return whole;
  const gap = (at: number) => (times[at] ?? 0) - (times[at - 1] ?? 0);
  const ends = lastGroups(times);
  const [begin, end] = [mostStrays + 1, ends.at(-1) ?? times.length];
  const usual = greatest(times.subarray(begin, end), (_, at) => gap(at + begin));
  const isFar = (at: number) => gap(at) > Math.max(shortestGap, timesOthers * usual);
  for (const at of ends) if (isFar(at) && !(sound && sound.to > (times[at] ?? 0) - 1)) whole.to = at;
  for (let at = 1; at <= mostStrays; at++) {
    if (isFar(at) && !(sound && sound.from < (times[at - 1] ?? 0) + 1)) whole.from = at;
  }
  return whole;
}

/** Where the last few time stamps begin, the last one first: many pictures may have the same. */
function lastGroups(times: Float64Array): number[] {
  const begins: number[] = [];
  for (let at = times.length - 1; at > 0 && begins.length < mostStrays; at--) {
    if ((times[at] ?? 0) - (times[at - 1] ?? 0) > 1e-3) begins.push(at);
  }
  return begins;
}

/**
 * When strays are shown, by the pictures that are stored beside them. Pure.
 * @param stored times in the order in which pictures are stored
 * @param real the others, ascending
 * @returns one time for each stray, in the order in which they are stored
 */
export function timesOfStrays(stored: Float64Array, real: Float64Array): { from: number; to: number }[] {
  const [first = 0, last = 0] = [real[0], real.at(-1)];
  const step = (last - first) / Math.max(1, real.length - 1);
  const isReal = (time: number) => time >= first && time <= last;
  const moved: { from: number; to: number }[] = [];
  for (const [at, from] of stored.entries()) {
    if (isReal(from)) continue;
    const before = stored.subarray(0, at).findLast(isReal);
    const after = stored.subarray(at + 1).find(isReal);
    // The last one of all follows the others; one in the middle has left a gap.
    const near = after === undefined ? last : ((before ?? first) + after) / 2 - step / 2;
    moved.push({ from, to: after === undefined ? last + step * (1 + moved.length) : gapNear(real, near, step) + step });
  }
  return moved;
}

/** The picture nearest to a time after which one is missing; the nearest one of all where none is. */
function gapNear(real: Float64Array, time: number, step: number): number {
  const at = countBefore(real, time);
  for (let away = 0; away < 8; away++) {
    for (const place of [at + away, at - away]) {
      const [one, next] = [real[place], real[place + 1]];
      if (one !== undefined && next !== undefined && next - one > 1.5 * step) return one;
    }
  }
  return real[Math.max(0, at - 1)] ?? time;
}
