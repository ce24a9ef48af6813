import { endOfPlace, gridOf, gridParts, madeRate, timeOf, type Grid, type GridPart } from '../../shared/task/grid.ts';
import type { Media, Scan } from '../../shared/task/media.ts';
import { planParts, type ClipInput, type Part } from '../../shared/task/plan.ts';
import type { Profile } from '../../shared/task/profile.ts';
import { fpsOf } from '../../shared/task/rate.ts';
import { countBefore } from './numbers.ts';
import type { PictureScan } from './timeline-scan.ts';

/** One clip a part, each with what its pictures are. Pure. */
export function planClips(scan: PictureScan, media: Pick<Media, 'seconds' | 'video'>, profile: Profile): ClipInput[] {
  if (profile.join) {
    const grid = gridOf(profile, media);
    const inputs = gridParts(grid).map((part) => gridInput(scan, media, grid, part));
    return fewer(inputs).map((part) => gridInput(scan, media, grid, part));
  }
  const fps = fpsOf(madeRate(profile, media));
  return planParts(media.seconds, { ...profile, fps }).map((part) => clipInput(scan, media, part));
}

/**
 * Parts of a source whose key pictures are minutes apart, each of which would decode all that lies before it, again: those
 * that begin far from a key picture go with the part before. Longest part in seconds: what a step may take.
 */
function fewer(inputs: readonly ClipInput[]): GridPart[] {
  const parts: (GridPart & { seconds: number })[] = [];
  for (const { grid, part, first_picture_at, seek_to } of inputs) {
    if (!grid) continue;
    const seconds = part.end - part.start;
    const before = parts.at(-1);
    const again = first_picture_at - (seek_to ?? 0);
    if (
      before &&
      again > Math.max(usualDistance, mostAgain * before.seconds) &&
      before.seconds + seconds <= longestPart
    ) {
      before.frames += grid.frames;
      before.after = grid.after;
      before.seconds += seconds;
    } else parts.push({ ...grid, number: parts.length + 1, seconds });
  }
  return parts.map(({ number, first, frames, before, after }) => ({ number, first, frames, before, after }));
}

/** Decoding is a third of the work: as much again as half of a part makes all of it a sixth dearer. */
const mostAgain = 0.5;
const longestPart = 600;

/** Seconds between key pictures that most encoders stay below. */
const usualDistance = 10;

/** As below, by the places of the pictures, for a seam may lie between a picture's time and its place. */
function gridInput(scan: PictureScan, media: Pick<Media, 'video'>, grid: Grid, part: GridPart): ClipInput {
  const { times } = scan;
  const { number, first, frames } = part;
  const showing = Math.max(0, countBefore(times, endOfPlace(grid, first)) - 1);
  const end = countBefore(times, endOfPlace(grid, first + frames - 1));
  return {
    part: { number, start: timeOf(grid, first), end: timeOf(grid, first + frames) },
    pictures: end - countBefore(times, endOfPlace(grid, first - 1)),
    ...picturesOf(scan, media, showing, end),
    grid: part,
  };
}

function clipInput(scan: PictureScan, media: Pick<Media, 'video'>, part: Part): ClipInput {
  const { times } = scan;
  // Time stamps are rounded by containers: a picture within a millisecond of the start is the one at the start.
  const showing = Math.max(0, countBefore(times, part.start + 0.001) - 1);
  const end = countBefore(times, part.end);
  return { part, pictures: end - countBefore(times, part.start), ...picturesOf(scan, media, showing, end) };
}

/** @param showing place of the picture that the part begins with, and `end` that of the first one after it */
function picturesOf(
  { times, keys, retimed = [] }: PictureScan,
  { video }: Pick<Media, 'video'>,
  showing: number,
  end: number,
) {
  const first_picture_at = times[showing] ?? 0;
  const last_picture_at = Math.max(first_picture_at, times[end - 1] ?? 0);
  const needed = neededBefore(showing, video.scan);
  const from = times[needed] ?? 0;
  const moved = retimed.filter((one) => one.to > from - reach && one.to < last_picture_at + reach);
  return {
    first_picture_at,
    last_picture_at,
    seek_to: seekTo(keys, from),
    ...(video.scan === 'telecine' ? { cycle_at: from } : {}),
    ...(moved.length > 0 ? { retimed: moved } : {}),
  };
}

/** How far beyond a part stray time stamps are told of, in seconds: decoders give some pictures more. */
const reach = 10;

/**
 * The first picture that making another one needs: to deinterlace it the one before; of film made into 60 fields, every
 * five of which hold four, the whole five before its own.
 */
function neededBefore(picture: number, scan: Scan | undefined): number {
  if (scan === 'interlaced') return Math.max(0, picture - 1);
  return scan === 'telecine' ? Math.max(0, 5 * Math.floor(picture / 5) - 5) : picture;
}

/**
 * Where to seek so that decoding starts at or before a picture. Demuxers look for the key picture by when it is shown
 * or by when it is decoded, which may be much earlier where a picture is held. A key picture serves only if both ways
 * lead to it: the next one must not be decoded before this one is shown.
 */
function seekTo({ shown, decoded }: PictureScan['keys'], time: number): number | null {
  for (let key = countBefore(shown, time + 1e-6) - 1; key > 0; key--) {
    if ((decoded[key + 1] ?? Infinity) > (shown[key] ?? 0) + 1e-6) return shown[key] ?? null;
  }
  return null;
}
