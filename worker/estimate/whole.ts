import type { Media } from '../../shared/task/media.ts';
import type { Profile } from '../../shared/task/profile.ts';
import { framing } from '../clip/frame.ts';
import { renditions } from '../clip/renditions.ts';
import { hasOwnSound } from '../sound/args.ts';
import { COSTS, FIXED } from './estimate.ts';

/** CPU seconds of copying: for a second of one size, and for a file that is opened. Measured with 8 to 260 s. */
const COPIED = 0.0003;
const OPENED = 0.001;

/** CPU seconds of a stream's small pictures and its sound's file. */
const DRAWN = 0.02;

/** CPU seconds of what a whole needs beside its parts: its sound, and joining. None for parts of their own. Pure. */
export function wholeSeconds(parts: number, media: Media, profile: Profile): { sound: number; finish: number } {
  if (!profile.join) return { sound: 0, finish: 0 };
  const seconds = Math.min(media.seconds, profile.first_seconds ?? Infinity);
  const sizes = renditions(framing(media.video, profile.frame).frame, profile.join).length;
  return {
    sound: hasOwnSound(profile, media) ? FIXED + COSTS.sound * seconds : 0,
    finish: sizes * (COPIED * seconds + OPENED * (parts + 1)) + (profile.join === 'hls' ? DRAWN : 0),
  };
}
