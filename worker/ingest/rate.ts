import { placeOf, timeOf } from '../../shared/task/grid.ts';
import { fpsOf, mostFps, type Rate } from '../../shared/task/rate.ts';
import { greatest, median } from './numbers.ts';

/** Rates that pictures are made at; a source of variable rate gets one of them. Ascending. */
const common: readonly Rate[] = [
  ...[whole(10), whole(12), whole(15), whole(20), ntsc(24), whole(24), whole(25), ntsc(30), whole(30)],
  ...[whole(48), whole(50), ntsc(60), whole(60)],
];

/** How far a picture of a steady source may be from its time, in seconds: containers round to the millisecond. */
const mostOff = 0.002;

/** The same for one whose clock trembles, in places: what is nearer to its own place than to another. */
const mostTrembling = 0.35;

/** How many pictures may be off all the same, of all: stray time stamps of a source that is steady otherwise. */
const mostStray = 0.02;

/** How far from its time a picture may be shown, in places, where two come close together; and how many may. */
const mostLate = 0.75;
const mostMoved = 0.05;

/** The rate of a source, and the times of its pictures with what strays put right. */
export interface Timing {
  rate: Rate;
  /** One picture in so many is kept at that rate. */
  every: number;
  times: Float64Array;
}

/**
 * The rate that a source is shown at. Pure.
 *
 * A steady one has its own, exact, whatever a few of its time stamps say; above 60 a second the half, third and so on of
 * it. Else it is a common rate, 60 at most: the smallest that gives each picture a place of its own. Those that last
 * longer are held.
 * @param times when each picture is shown, ascending, in seconds
 */
export function sourceTiming(times: Float64Array): Timing {
  const mean = (times.length - 1) / ((times.at(-1) ?? 0) - (times.at(0) ?? 0));
  if (!Number.isFinite(mean) || mean <= 0) return { rate: whole(25), every: 1, times };
  return steady(times, mean) ?? variable(times);
}

/** Rates near a mean: the common ones, whole ones, those of NTSC, and halves; last the mean itself. */
function usual(mean: number): Rate[] {
  const near = Math.round(mean);
  const all = [...common, whole(near), ntsc(near), { over: Math.round(mean * 2), under: 2 }];
  return all.filter((rate) => rate.over > 0 && Math.abs(fpsOf(rate) / mean - 1) < 0.01);
}

function steady(times: Float64Array, mean: number): Timing | null {
  const byItself = { over: Math.round(mean * 1000), under: 1000 };
  const exact = best(times, usual(mean)) ?? best(times, [byItself]);
  if (exact) return thinned(exact, times);
  const [nearest] = [...usual(mean), byItself]
    .flatMap((rate) => {
      const found = trembling(times, rate);
      return found ? [{ rate, ...found }] : [];
    })
    .sort((one, other) => one.off - other.off);
  return nearest ? thinned(nearest.rate, nearest.righted) : null;
}

/** The rate that all pictures are nearest to; null when they are far from each of them. */
function best(times: Float64Array, rates: readonly Rate[]): Rate | null {
  const [nearest] = rates.map((rate) => ({ rate, off: farthest(times, rate) })).sort((a, b) => a.off - b.off);
  return nearest && nearest.off <= mostOff ? nearest.rate : null;
}

function farthest(times: Float64Array, { over, under }: Rate): number {
  const first = times[0] ?? 0;
  return greatest(times, (time, at) => Math.abs(time - first - (at * under) / over));
}

/**
 * Times of a source whose pictures are steady by their number, with the few strays put on their places, and how far the
 * pictures are off in the mean; else null.
 */
function trembling(times: Float64Array, { over, under }: Rate): { righted: Float64Array; off: number } | null {
  const step = under / over;
  const phase = median(times.map((time, at) => time - at * step));
  const off = (at: number) => (times[at] ?? 0) - at * step - phase;
  let strays = 0;
  let sum = 0;
  const righted = times.map((time, at) => {
    sum += Math.min(Math.abs(off(at)), step);
    if (Math.abs(off(at)) <= mostTrembling * step) return time;
    strays++;
    return phase + at * step;
  });
  if (strays > mostStray * times.length) return null;
  // Places are counted from the first picture, which so has to be on its own exactly.
  righted[0] = phase;
  return { righted, off: sum / times.length };
}

/** As many pictures as are shown at most, the others left out evenly. */
function thinned(rate: Rate, times: Float64Array): Timing {
  const every = Math.ceil(fpsOf(rate) / (mostFps + 0.01));
  return { rate: { over: rate.over, under: rate.under * every }, every, times };
}

function variable(times: Float64Array): Timing {
  const fitting = common.flatMap((rate) => {
    const placed = eachOnItsOwn(times, rate);
    return placed ? [{ rate, every: 1, times: placed }] : [];
  });
  return fitting.find(({ rate }) => liesOn(times, rate)) ?? fitting[0] ?? { rate: whole(mostFps), every: 1, times };
}

/**
 * Times with a place for each picture. Where two come too close together, the earlier one is shown a little earlier, else
 * the later one a little later. Null where that is more than a little, or happens often.
 */
function eachOnItsOwn(times: Float64Array, rate: Rate): Float64Array | null {
  const grid = { origin: times[0] ?? 0, rate };
  const exact = (at: number) => ((times[at] ?? 0) - grid.origin) * fpsOf(rate);
  const places = times.map((time) => placeOf(grid, time));
  const place = (at: number) => places[at] ?? -1;
  for (let at = 1; at < places.length; at++) {
    if (place(at) > place(at - 1)) continue;
    const earlier = place(at) - 1;
    if (at > 1 && earlier > place(at - 2) && exact(at - 1) - earlier <= mostLate) places[at - 1] = earlier;
    else places[at] = place(at - 1) + 1;
    if (place(at) - exact(at) > mostLate) return null;
  }
  const righted = times.map((time, at) => (place(at) === placeOf(grid, time) ? time : timeOf(grid, place(at))));
  const moved = righted.reduce((count, time, at) => count + (time === times[at] ? 0 : 1), 0);
  return moved <= mostMoved * times.length ? righted : null;
}

/** Whether it is a steady source of which pictures were left out. */
function liesOn(times: Float64Array, rate: Rate): boolean {
  const grid = { origin: times[0] ?? 0, rate };
  const isOff = (time: number) => Math.abs(timeOf(grid, placeOf(grid, time)) - time) > mostOff;
  return times.reduce((off, time) => off + (isOff(time) ? 1 : 0), 0) <= Math.floor(mostStray * times.length);
}

function whole(fps: number): Rate {
  return { over: fps, under: 1 };
}

function ntsc(fps: number): Rate {
  return { over: fps * 1000, under: 1001 };
}
