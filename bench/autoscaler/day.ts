import { seeded } from '../statistics.ts';

/** A video that comes in. */
export interface Arrival {
  /** Second of the day. */
  at: number;
  /** Length of the video. */
  seconds: number;
}

const HOUR = 3600;
/** Videos an hour: a night, a ramp in the morning, a busy day, an evening that ebbs away. */
const USUAL = [2, 1, 1, 1, 1, 2, 4, 8, 14, 20, 26, 30, 30, 28, 30, 30, 28, 24, 18, 14, 10, 8, 5, 3];
/** Somebody submits many at once, as after an event. */
const BURSTS = [
  { at: 3.5 * HOUR, videos: 20 },
  { at: 11.25 * HOUR, videos: 60 },
  { at: 20 * HOUR, videos: 30 },
];
const SHORTEST = 45;
const LONGEST = 2 * HOUR;

/** The videos of one day in the order in which they come; most of some minutes, a few of hours. Pure. */
export function dayOfLoad(seed: number): Arrival[] {
  const chance = seeded(seed);
  const length = () => Math.min(LONGEST, Math.max(SHORTEST, 300 * Math.exp(normal(chance))));
  const arrivals: Arrival[] = [];
  for (const [hour, videos] of USUAL.entries()) {
    for (let at = wait(chance, videos); at < HOUR; at += wait(chance, videos)) {
      arrivals.push({ at: hour * HOUR + at, seconds: length() });
    }
  }
  for (const { at, videos } of BURSTS) {
    for (let video = 0; video < videos; video++) arrivals.push({ at: at + chance() * 30, seconds: length() });
  }
  return arrivals.sort((one, other) => one.at - other.at);
}

/** Until the next of so many an hour, s. */
function wait(chance: () => number, anHour: number): number {
  return (-Math.log(1 - chance()) * HOUR) / anHour;
}

/** Box and Muller. */
function normal(chance: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
}
