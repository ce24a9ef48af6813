import { placeOf, timeOf } from '../../shared/task/grid.ts';
import { fpsOf, mostFps, type Rate } from '../../shared/task/rate.ts';

/** Rates that pictures are made at; a source of variable rate gets one of them. Ascending. */
const common: readonly Rate[] = [
  ...[whole(10), whole(12), whole(15), whole(20), ntsc(24), whole(24), whole(25), ntsc(30), whole(30)],
  ...[whole(48), whole(50), ntsc(60), whole(60)],
];

/** How far a picture of a steady source may be from its time, in seconds: containers round to the millisecond. */
const mostOff = 0.002;

/**
 * The rate that a source is shown at. Pure.
 *
 * A steady one has its own, exact; above 60 a second the half, third and so on of it. Else it is a common rate, 60 at
 * most: the smallest that all pictures lie on, or at least have a place of their own. Those that last longer are held.
 * @param times when each picture is shown, ascending, in seconds
 */
export function sourceRate(times: Float64Array): Rate {
  const first = times.at(0) ?? 0;
  const mean = (times.length - 1) / ((times.at(-1) ?? 0) - first);
  if (!Number.isFinite(mean) || mean <= 0) return whole(25);
  const steady = steadyRate(times, usual(mean)) ?? steadyRate(times, [{ over: Math.round(mean * 1000), under: 1000 }]);
  if (steady) return capped(steady);
  const lossless = common.filter((rate) => keepsAll(times, rate));
  return lossless.find((rate) => liesOn(times, rate)) ?? lossless[0] ?? whole(mostFps);
}

/** Rates near a mean: the common ones, whole ones, those of NTSC, and halves. */
function usual(mean: number): Rate[] {
  const near = Math.round(mean);
  const all = [...common, whole(near), ntsc(near), { over: Math.round(mean * 2), under: 2 }];
  return all.filter((rate) => rate.over > 0 && Math.abs(fpsOf(rate) / mean - 1) < 0.01);
}

/** The rate that all pictures are nearest to; null when they are far from each of them. */
function steadyRate(times: Float64Array, rates: readonly Rate[]): Rate | null {
  const [best] = rates.map((rate) => ({ rate, off: farthest(times, rate) })).sort((a, b) => a.off - b.off);
  return best && best.off <= mostOff ? best.rate : null;
}

function farthest(times: Float64Array, { over, under }: Rate): number {
  const first = times[0] ?? 0;
  return times.reduce((most, time, at) => Math.max(most, Math.abs(time - first - (at * under) / over)), 0);
}

function keepsAll(times: Float64Array, rate: Rate): boolean {
  const grid = { origin: times[0] ?? 0, rate };
  return times.every((time, at) => at === 0 || placeOf(grid, time) > placeOf(grid, times[at - 1] ?? 0));
}

/** Whether it is a steady source of which pictures were left out. */
function liesOn(times: Float64Array, rate: Rate): boolean {
  const grid = { origin: times[0] ?? 0, rate };
  return times.every((time) => Math.abs(timeOf(grid, placeOf(grid, time)) - time) <= mostOff);
}

function capped(rate: Rate): Rate {
  const times = Math.ceil(fpsOf(rate) / (mostFps + 0.01));
  return { over: rate.over, under: rate.under * times };
}

function whole(fps: number): Rate {
  return { over: fps, under: 1 };
}

function ntsc(fps: number): Rate {
  return { over: fps * 1000, under: 1001 };
}
