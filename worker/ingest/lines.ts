import type { Scan } from '../../shared/task/media.ts';

/**
 * Whether pictures are interlaced, by looking at their lines. Pure.
 *
 * FFmpeg's `idet` takes sharp drawn pictures for interlaced ones, and what the file says of itself is often wrong. So each
 * picture is looked at as its two fields: woven together, with each other or with those of the picture before, fields of
 * one moment make a smooth picture and fields of two moments a combed one.
 */
export interface Window {
  width: number;
  height: number;
  /** Brightness of the pictures one after another, a byte a pixel. */
  pixels: Uint8Array;
}

/** What pictures turned out to be, and which of two fields is the earlier one. */
export interface Lines {
  scan: Scan;
  topFirst: boolean;
}

/** What one picture turned out to be. */
type Verdict = 'still' | 'progressive' | 'interlaced' | 'matched';
type Look = { verdict: Verdict; topFirst: boolean };

/** A line sticks out by so much from both its neighbours, which are more alike than that: brightness of 255. */
const sticksOut = 12;

/** Below so many pixels in a thousand nothing moved enough to tell. */
const leastCombed = 1;

/** Clean is at most this part of the other. */
const clean = 0.5;

/** Fields of an interlaced picture: one way of weaving is worse than the other by so much of its own combing. */
const apart = 0.2;

/** And it is the same way in so many of its pictures. */
const sameOrder = 0.8;

/** How many of the pictures that tell have to be so. */
const enoughInterlaced = 0.3;
const enoughMatched = 0.25;

/** @returns null where nothing moved enough to tell */
export function scanOf(windows: readonly Window[]): Lines | null {
  const looks = windows.flatMap(looksOf).filter(({ verdict }) => verdict !== 'still');
  const share = (of: Verdict) => looks.filter(({ verdict }) => verdict === of).length / looks.length;
  if (looks.length < 2) return null;
  const ofTwo = looks.filter(({ verdict }) => verdict === 'interlaced' || verdict === 'matched');
  const top = ofTwo.filter((look) => look.topFirst).length / Math.max(1, ofTwo.length);
  const topFirst = top >= 0.5;
  if (share('matched') >= enoughMatched && share('interlaced') < enoughInterlaced)
    return { scan: 'telecine', topFirst };
  const isSure = Math.max(top, 1 - top) >= sameOrder && ofTwo.length / looks.length >= enoughInterlaced;
  return { scan: isSure ? 'interlaced' : 'progressive', topFirst };
}

function looksOf({ width, height, pixels }: Window): Look[] {
  const size = width * height;
  const pictures = Array.from({ length: Math.floor(pixels.length / size) }, (_, at) =>
    pixels.subarray(at * size, (at + 1) * size),
  );
  return pictures.slice(1).map((picture, at) => lookAt(picture, pictures[at] ?? picture, width, height));
}

/**
 * Fields of an interlaced picture are as near to each other in time as one of them is to the picture before, and three
 * times as near as the other is. Noise is combed however it is woven. In film made into 60 fields some pictures are woven
 * of two; each of those is clean with a field of its neighbour.
 */
function lookAt(picture: Uint8Array, before: Uint8Array, width: number, height: number): Look {
  const own = combed(picture, picture, before, width, height);
  const one = combed(picture, before, before, width, height);
  const other = combed(before, picture, before, width, height);
  const least = (leastCombed / 1000) * width * height;
  return { verdict: verdictOf(own, Math.min(one, other), Math.max(one, other), least), topFirst: one < other };
}

function verdictOf(own: number, nearer: number, farther: number, least: number): Verdict {
  if (own < least) return farther < least ? 'still' : 'progressive';
  if (nearer < clean * own) return 'matched';
  return own >= clean * nearer && farther - nearer >= apart * own ? 'interlaced' : 'progressive';
}

/** Pixels that stick out of a picture woven of one's even lines and another's odd ones, where something moves. */
function combed(even: Uint8Array, odd: Uint8Array, before: Uint8Array, width: number, height: number): number {
  let count = 0;
  for (let y = 1; y < height - 1; y++) {
    const line = y % 2 === 0 ? even : odd;
    const beside = y % 2 === 0 ? odd : even;
    // Fine lines that stand still stick out in every picture; so what was the same before does not count.
    const now = line === before ? beside : line;
    const end = (y + 1) * width;
    for (let at = y * width; at < end; at++) {
      const value = line[at]!;
      const above = beside[at - width]!;
      const up = value - above;
      if (up <= sticksOut && up >= -sticksOut) continue;
      const below = beside[at + width]!;
      const down = value - below;
      if (up * down <= 0 || (down <= sticksOut && down >= -sticksOut)) continue;
      // Along a slanted edge the neighbours differ a little.
      if (2 * Math.abs(above - below) > Math.min(Math.abs(up), Math.abs(down))) continue;
      if (now === before || differs(now[at]!, before[at]!) || differs(now[at - width]!, before[at - width]!)) count++;
    }
  }
  return count;
}

function differs(one: number, other: number): boolean {
  return one - other > sticksOut || other - one > sticksOut;
}
