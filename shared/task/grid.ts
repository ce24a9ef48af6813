import type { Media } from './media.ts';
import { Problem } from './problem.ts';
import type { Profile } from './profile.ts';
import { fpsOf, rateOf, type Rate } from './rate.ts';

/**
 * The pictures of a video that is joined from its parts, at equal distances from the first to the last. Pure.
 *
 * Each picture of the source has one place on it, the same for every part: so what is beside a seam is neither shown
 * twice nor left out. Counted in pictures, for seconds would have to be rounded.
 */
export interface Grid {
  rate: Rate;
  /** Time of the source's place 0, in seconds: less than one picture after the source's beginning. */
  origin: number;
  /** Places for the source's pictures. */
  frames: number;
  /** Pictures of the bumper before them, and again after them. */
  bumper: number;
  /** Pictures from one key picture to the next. */
  segment: number;
  /** Pictures of a part, bumper included; whole segments. */
  part: number;
}

/** A part's share of the grid. */
export interface GridPart {
  /** From 1. */
  number: number;
  /** Place of its first picture of the source, and how many. */
  first: number;
  frames: number;
  /** Pictures of the bumper that it begins and ends with. */
  before: number;
  after: number;
}

/** Seconds from one key picture to the next: what players of streams switch at. */
const segmentSeconds = { mp4: 2, hls: 4 };

/** A picture half-way between two places goes to the later one; this much, in places, is still half-way. */
const nearHalf = 1e-4;

/** Place of a picture that is shown at a time, in seconds. FFmpeg computes the same for each part: see `args-part.ts`. */
export function placeOf({ origin, rate }: Pick<Grid, 'origin' | 'rate'>, time: number): number {
  return Math.floor(((time - origin) * rate.over) / rate.under + 0.5 + nearHalf);
}

/** Pictures of a place or before are those shown before this time, in seconds. */
export function endOfPlace({ origin, rate }: Pick<Grid, 'origin' | 'rate'>, place: number): number {
  return origin + ((place + 0.5 - nearHalf) * rate.under) / rate.over;
}

/** Time of a place, in seconds of the source. */
export function timeOf({ origin, rate }: Pick<Grid, 'origin' | 'rate'>, place: number): number {
  return origin + (place * rate.under) / rate.over;
}

/** The rate of what is made of a source: the profile's, or the source's own. @throws Problem when it is not known */
export function madeRate({ fps }: Pick<Profile, 'fps'>, { video }: Pick<Media, 'video'>): Rate {
  if (fps !== 'source') return rateOf(fps);
  if (!video.rate) throw new Problem('internal', 'the source was probed before its rate was looked for');
  return video.rate;
}

/** A profile whose pictures a second are known. */
export type FixedProfile = Profile & { fps: number };

/** @throws Problem when the source was probed before its rate was looked for */
export function withRate(profile: Profile, media: Pick<Media, 'video'>): FixedProfile {
  return { ...profile, fps: fpsOf(madeRate(profile, media)) };
}

/** @throws Problem when the source was probed before its rate was looked for */
export function gridOf(profile: Profile, media: Pick<Media, 'seconds' | 'video'>): Grid {
  const rate = madeRate(profile, media);
  const fps = fpsOf(rate);
  // In phase with the source's first picture, so that those of a steady source lie in the middle of their places.
  const firstAt = media.video.first_at ?? 0;
  const inPhase = Math.max(0, firstAt - Math.floor(firstAt * fps + 0.001) / fps);
  // Of several pictures one is kept: all of them lie on its place, and not half of them on the one before.
  const every = profile.fps === 'source' ? (media.video.every ?? 1) : 1;
  const origin = inPhase + (every - 1) / (2 * every * fps);
  const seconds = Math.min(media.seconds, profile.first_seconds ?? Infinity) - origin;
  const segment = Math.max(1, Math.round(segmentSeconds[profile.join ?? 'mp4'] * fps));
  return {
    rate,
    origin,
    // Less a little, for lengths are rounded by containers.
    frames: Math.max(1, Math.round(seconds * fps - 0.01), placesShown(profile, media.video, { origin, rate })),
    bumper: profile.bumper ? Math.round(profile.bumper.seconds * fps) : 0,
    segment,
    part: segment * Math.max(1, Math.round((profile.part_seconds * fps) / segment)),
  };
}

/**
 * Places up to that of the source's last picture, which may be shorter than half of one. None where that picture is not
 * asked for, or the rate is below the source's, which leaves pictures out anyway.
 */
function placesShown(profile: Profile, video: Media['video'], grid: Pick<Grid, 'origin' | 'rate'>): number {
  const { last_at: last, rate } = video;
  if (last === undefined || !rate || last >= (profile.first_seconds ?? Infinity)) return 0;
  return fpsOf(grid.rate) < fpsOf(rate) ? 0 : placeOf(grid, last) + 1;
}

/** Pictures of the whole, both bumpers included. */
export function wholeFrames({ frames, bumper }: Grid): number {
  return frames + 2 * bumper;
}

/** Cuts the whole so that each part but the last has whole segments, wherever the bumper ends. */
export function gridParts({ frames, bumper, part }: Grid): GridPart[] {
  const parts: GridPart[] = [];
  for (let first = 0; first < frames;) {
    const before = first === 0 ? bumper : 0;
    const room = part * Math.ceil((before + 1) / part) - before;
    const count = Math.min(room, frames - first);
    const isLast = first + count === frames;
    parts.push({ number: parts.length + 1, first, frames: count, before, after: isLast ? bumper : 0 });
    first += count;
  }
  return parts;
}
