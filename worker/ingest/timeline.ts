import { endOfPlace, gridOf, gridParts, madeRate, timeOf, type Grid, type GridPart } from '../../shared/task/grid.ts';
import type { Media } from '../../shared/task/media.ts';
import { planParts, type ClipInput, type Part } from '../../shared/task/plan.ts';
import type { Profile } from '../../shared/task/profile.ts';
import { fpsOf } from '../../shared/task/rate.ts';
import type { PictureScan } from './timeline-scan.ts';

/** What the container's header promises. */
export interface Claims {
  container: string;
  /** Pictures by the header's count; null where there is none. */
  frames: number | null;
  /** Length of the longest stream by the header, in seconds. */
  seconds: number | null;
  /** ffprobe ran into the end of the file where it expected more. */
  sawEndMissing: boolean;
}

/** How much of what is promised has to be there. */
const enough = 0.95;

/**
 * Whether a source was cut off: the header promises more than the packet scan found. Pure.
 *
 * Neither measure is enough alone. An edit list hides pictures that are there, and a screen recording holds its last
 * picture long after its last packet; so pictures and time have to be missing both, or the file has to end too early.
 * @returns what is missing, for the operator; null when it is whole
 */
export function whatIsMissing(scan: PictureScan, claims: Claims): string | null {
  const { seconds } = claims;
  const found = claims.frames === null ? Math.max(0, ...scan.streams_end_at.values()) : scan.ends_at;
  const timeMissing = seconds !== null && found < enough * seconds;
  const picturesMissing = claims.frames !== null && scan.packets < enough * claims.frames;
  const missing = `${scan.packets} of ${claims.frames ?? '?'} pictures, ${found.toFixed(3)} of ${seconds ?? '?'} s`;
  if (claims.sawEndMissing) return timeMissing || picturesMissing ? missing : null;
  if (claims.frames !== null) return timeMissing && picturesMissing ? missing : null;
  return timeMissing && promisesLength(claims.container) ? missing : null;
}

/**
 * Containers whose header holds the length of what was recorded. A Matroska file that is cut off is noticed by its end;
 * its header counts the time for which the last picture is held, which no packet tells. The length of a transport
 * stream is only an estimate.
 */
function promisesLength(container: string): boolean {
  return ['mov', 'avi', 'flv', 'asf'].some((name) => container.split(',').includes(name));
}

/** One clip a part, each with what its pictures are. Pure. */
export function planClips(scan: PictureScan, media: Pick<Media, 'seconds' | 'video'>, profile: Profile): ClipInput[] {
  if (profile.join) {
    const grid = gridOf(profile, media);
    return gridParts(grid).map((part) => gridInput(scan, grid, part));
  }
  const fps = fpsOf(madeRate(profile, media));
  return planParts(media.seconds, { ...profile, fps }).map((part) => clipInput(scan, part));
}

/** As below, by the places of the pictures, for a seam may lie between a picture's time and its place. */
function gridInput({ times, keys }: PictureScan, grid: Grid, part: GridPart): ClipInput {
  const { number, first, frames } = part;
  const showing = Math.max(0, countBefore(times, endOfPlace(grid, first)) - 1);
  const end = countBefore(times, endOfPlace(grid, first + frames - 1));
  const first_picture_at = times[showing] ?? 0;
  return {
    part: { number, start: timeOf(grid, first), end: timeOf(grid, first + frames) },
    pictures: end - countBefore(times, endOfPlace(grid, first - 1)),
    first_picture_at,
    last_picture_at: Math.max(first_picture_at, times[end - 1] ?? 0),
    seek_to: seekTo(keys, first_picture_at),
    grid: part,
  };
}

function clipInput({ times, keys }: PictureScan, part: Part): ClipInput {
  // Time stamps are rounded by containers: a picture within a millisecond of the start is the one at the start.
  const first = Math.max(0, countBefore(times, part.start + 0.001) - 1);
  const end = countBefore(times, part.end);
  const first_picture_at = times[first] ?? 0;
  return {
    part,
    pictures: end - countBefore(times, part.start),
    first_picture_at,
    last_picture_at: Math.max(first_picture_at, times[end - 1] ?? 0),
    seek_to: seekTo(keys, first_picture_at),
  };
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

/** How many of these ascending numbers lie below a limit. */
function countBefore(numbers: Float64Array, limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? Infinity) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
