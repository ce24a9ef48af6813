import { greatest } from './numbers.ts';

/** A gap beside a stray is at least so long, in seconds, and so many times as long as any other. */
const shortestGap = 30;
const timesOthers = 20;

/** So many pictures at either end may be strays. */
const mostStrays = 2;

/**
 * Which pictures are not strays: one or two at an end, far from all others, where no sound is. Pure.
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
  if (times.length < 2 * mostStrays + 4) return whole;
  const gap = (at: number) => (times[at] ?? 0) - (times[at - 1] ?? 0);
  const inner = times.subarray(mostStrays + 1, times.length - mostStrays);
  const usual = greatest(inner, (_, at) => gap(at + mostStrays + 1));
  const isFar = (at: number) => gap(at) > Math.max(shortestGap, timesOthers * usual);
  for (let at = times.length - 1; at >= times.length - mostStrays; at--) {
    if (isFar(at) && !(sound && sound.to > (times[at] ?? 0) - 1)) whole.to = at;
  }
  for (let at = 1; at <= mostStrays; at++) {
    if (isFar(at) && !(sound && sound.from < (times[at - 1] ?? 0) + 1)) whole.from = at;
  }
  return whole;
}
