import type { GridPart } from './grid.ts';
import type { Profile } from './profile.ts';

/** A profile whose pictures a second are known. */
type Counted<Fields extends keyof Profile> = Pick<Profile, Fields> & { fps: number };

/** A numbered slice of the source's time line. Times in seconds from the start of the source. */
export interface Part {
  /** From 1. */
  number: number;
  start: number;
  end: number;
}

/**
 * Cuts a source into parts. Pure.
 *
 * Nothing is dropped but a tail shorter than one picture of the profile, which could not be shown; a source shorter
 * than that still gives one part.
 *
 * @param seconds length of the source's pictures
 */
export function planParts(seconds: number, profile: Counted<'part_seconds' | 'first_seconds'>): Part[] {
  const length = Math.min(seconds, profile.first_seconds ?? Infinity);
  // Less half a millisecond, for lengths are rounded by containers.
  const onePicture = 1 / profile.fps - 0.0005;
  const parts: Part[] = [];
  for (let number = 1; ; number++) {
    const start = (number - 1) * profile.part_seconds;
    if (number > 1 && length - start < onePicture) return parts;
    parts.push({ number, start, end: Math.min(start + profile.part_seconds, length) });
  }
}

/** Pictures of a part's body in the clip: at least one. */
export function bodyFrames(part: Part, fps: number): number {
  return Math.max(1, Math.round((part.end - part.start) * fps));
}

/** Pictures of the bumper before, and again after, each body. */
export function bumperFrames(profile: Counted<'bumper'>): number {
  return profile.bumper ? Math.round(profile.bumper.seconds * profile.fps) : 0;
}

/** Pictures of the whole clip. Its length in seconds is this over the profile's `fps`. */
export function clipFrames(part: Part, profile: Counted<'bumper'>): number {
  return bodyFrames(part, profile.fps) + 2 * bumperFrames(profile);
}

/** A stray time stamp: what it says, and when its picture is shown. Seconds from the start of the source. */
export interface Retimed {
  from: number;
  to: number;
}

/**
 * What a clip step is told: the part, and what the packet scan saw of it, so that a clip can be checked against the
 * source. Kept in the step's `input`. Times in seconds from the start of the source.
 */
export interface ClipInput {
  part: Part;
  /** Pictures whose time stamp lies inside the part; none where one picture is held all through. */
  pictures: number;
  /** Time of the picture that is showing when the part starts: the last one at or before `start`, else the very first. */
  first_picture_at: number;
  /** Time of the last picture that shows in the part; it is held until the next picture, or until `end`. */
  last_picture_at: number;
  /** Time of the key picture that decoding starts from, at or before `first_picture_at`; null reads from the beginning. */
  seek_to: number | null;
  /** Its pictures' places in the whole, where that is joined. */
  grid?: GridPart;
  /** Of film made into 60 fields: time of a picture that its cycle of five begins with; what is before is not looked at. */
  cycle_at?: number;
  /** Pictures of it that are shown at another time than their time stamp says. */
  retimed?: Retimed[];
}
