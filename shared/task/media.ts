import type { Rate } from './rate.ts';

/**
 * What a source is, as ffprobe and the packet scan saw it, and what a clip turned out to be. Pure types, kept as JSON.
 * Times are seconds from the container's first time stamp, whatever number that has.
 */
export interface Media {
  /** Container as ffprobe names it, for example `mov,mp4,m4a,3gp,3g2,mj2`. */
  container: string;
  bytes: number;
  /** The container's first time stamp, in seconds. Transport streams seldom start at 0. */
  starts_at: number;
  /** Where the last picture ends. The source's length is the pictures' length. */
  seconds: number;
  video: VideoStream;
  audio: AudioStream | null;
}

export interface VideoStream {
  /** Number of the stream in the file; not always 0, for a cover picture is a video stream too. */
  index: number;
  codec: string;
  /** Stored size in pixels, before rotation and pixel aspect. */
  width: number;
  height: number;
  /** Degrees clockwise to turn the stored picture upright: 0, 90, 180 or 270. */
  rotation: number;
  /** Sample (pixel) aspect ratio of the stored picture, 1 for square pixels. */
  pixel_aspect: number;
  /** Mean pictures per second. */
  fps: number;
  /** The exact rate that it is shown at where that is kept; missing in tasks of before. */
  rate?: Rate;
  /** When the first picture is shown; missing in tasks of before. */
  first_at?: number;
  /** When the last picture is shown; missing in tasks of before. */
  last_at?: number;
  pixel_format: string;
  /** Color matrix as ffprobe names it, for example `bt709`; null where the file does not say. */
  color_space: string | null;
}

export interface AudioStream {
  index: number;
  codec: string;
  channels: number;
  sample_rate: number;
  /** Where the last sound ends: often before the pictures do, or after. */
  ends_at: number;
}

/** A clip as read back from its file. */
export interface Clip {
  bytes: number;
  seconds: number;
  frames: number;
  width: number;
  height: number;
  has_sound: boolean;
}
