import type { Rate } from './rate.ts';
import type { Warning } from './warnings.ts';

/**
 * What a source is, as ffprobe and the packet scan saw it, and what a clip turned out to be. Pure types, kept as JSON.
 * Times are seconds from where the pictures or the sound begin, whichever is first; tracks that are not used do not count.
 * What is optional is missing in tasks of before.
 */
export interface Media {
  /** Container as ffprobe names it, for example `mov,mp4,m4a,3gp,3g2,mj2`. */
  container: string;
  bytes: number;
  /** Time stamp in the file of second 0. Transport streams seldom start at 0. */
  starts_at: number;
  /** The container's first time stamp, which FFmpeg counts from when it seeks; `starts_at` where missing. */
  file_starts_at?: number;
  /** Where the last picture or the sound ends, whichever is later; the last picture is held till then. */
  seconds: number;
  video: VideoStream;
  audio: AudioStream | null;
  tracks?: Track[];
  warnings?: Warning[];
}

export type Scan = 'progressive' | 'interlaced' | 'telecine';
export type Hdr = 'hlg' | 'pq' | 'dolby_vision';

export interface VideoStream {
  /** Number of the stream in the file; not always 0, for a cover picture is a video stream too. */
  index: number;
  codec: string;
  /** Stored size in pixels, before rotation and pixel aspect. */
  width: number;
  height: number;
  /** Degrees clockwise to turn the stored picture upright: 0, 90, 180 or 270. */
  rotation: number;
  /** The stored picture is mirrored left to right, before it is turned. */
  mirrored?: boolean;
  /** What is meant to be seen of the stored picture, where that is not all of it: its clean aperture. */
  aperture?: { x: number; y: number; width: number; height: number };
  /** Sample (pixel) aspect ratio of the stored picture, 1 for square pixels. */
  pixel_aspect: number;
  /** Mean pictures per second. */
  fps: number;
  /** The exact rate that it is shown at where that is kept. */
  rate?: Rate;
  /** One picture in so many is kept at that rate; 1 where all are. */
  every?: number;
  /** When the first picture is shown. */
  first_at?: number;
  /** When the last picture is shown. */
  last_at?: number;
  /** When the last picture ends by itself: sound may go on. */
  ends_at?: number;
  pixel_format: string;
  /** Color matrix, primaries and transfer as ffprobe names them, for example `bt709`; null where the file does not say. */
  color_space: string | null;
  primaries?: string | null;
  transfer?: string | null;
  range?: 'tv' | 'pc' | null;
  hdr?: Hdr | null;
  /** Peak of the display that it was mastered on, and brightest pixel, in cd/m². */
  mastering_peak?: number | null;
  max_cll?: number | null;
  scan?: Scan;
  /** Of two fields, the upper one is the earlier. */
  top_first?: boolean;
  /** A sound without pictures: one picture for all of it, the file's cover or one of ours. */
  still?: 'cover' | 'ours';
}

export interface AudioStream {
  index: number;
  codec: string;
  channels: number;
  sample_rate: number;
  /** Where the last sound ends: often before the pictures do, or after. */
  ends_at: number;
  /** Names of the channels in their order, for example `FL`; null where the file does not say. */
  layout?: string[] | null;
  /** Number of the stream that holds the right channel, where left and right are two tracks. */
  right_index?: number;
  /** What makes the sound as loud as the profile asks for. */
  gain?: Gain;
}

/** Loudness of the whole sound and what is done about it. */
export interface Gain {
  /** Measured by EBU R 128: LUFS, dBTP. */
  integrated: number;
  true_peak: number;
  /** dB to add. */
  db: number;
  /** Peaks would go beyond -1 dBTP and are limited. */
  limited: boolean;
}

/** A track of the source, and what became of it. */
export interface Track {
  index: number;
  kind: 'video' | 'audio' | 'subtitle' | 'data' | 'attachment';
  codec: string;
  /** As the file says it, for example `eng`. */
  language: string | null;
  default: boolean;
  chosen: boolean;
  /** Why it was chosen or not, in words. */
  why: string;
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
