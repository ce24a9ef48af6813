import type { Media } from '../../shared/task/media.ts';
import type { ClipInput } from '../../shared/task/plan.ts';
import { PRESET_TIMES } from '../../shared/task/own-profile.ts';
import type { Profile } from '../../shared/task/profile.ts';
import { framing } from '../clip/frame.ts';
import { renditions } from '../clip/renditions.ts';

/** What there is to do for one part. Pure. */
export interface Work {
  /** Millions of pixels to decode, weighted by codec: those of H.264 count once. */
  read: number;
  /** Millions of bytes to decode, weighted in the same way. */
  bytes: number;
  /** Millions of pixels to encode, weighted by preset: those of `veryfast` count once. */
  made: number;
  /** Millions of pixels of bumpers, of which each is like the one before. */
  still: number;
  /** Seconds of sound. */
  sound: number;
}

/** Time to decode a pixel against H.264. Measured with FFmpeg 5.1 at 1080p, 8 bits; what is not here is like H.264. */
const CODECS: Record<string, number> = { hevc: 1.25, vp9: 1.05, av1: 0.8, mpeg4: 0.3, mpeg2video: 0.3 };

/** The same for a byte: the older ones are read by table and not by arithmetic. */
const BYTES: Record<string, number> = { mpeg4: 0.4, mpeg2video: 0.4 };

/** Time to encode a pixel for a stream against a file's: its pictures are stored in the order in which they are shown. */
const STREAM = 0.8;

export function workOf(input: ClipInput, media: Media, profile: Profile): Work {
  const { video } = media;
  const seconds = input.part.end - input.part.start;
  const before = Math.max(0, input.first_picture_at - (input.seek_to ?? 0));
  const picture = (video.width * video.height) / 1e6;
  const { frame } = framing(video, profile.frame);
  const fps = profile.fps === 'source' ? Math.min(video.fps, 60) : profile.fps;
  const size = renditions(frame, profile.join).reduce((sum, { width, height }) => sum + width * height, 0) / 1e6;
  return {
    read: picture * (input.pictures + before * video.fps) * (CODECS[video.codec] ?? 1),
    bytes: (((media.bytes / 1e6) * (seconds + before)) / media.seconds) * (BYTES[video.codec] ?? 1),
    made: size * seconds * fps * PRESET_TIMES[profile.video.preset] * (profile.join === 'hls' ? STREAM : 1),
    still: profile.join || !profile.bumper ? 0 : size * 2 * profile.bumper.seconds * fps,
    sound: profile.join || !profile.audio || !media.audio ? 0 : seconds,
  };
}
