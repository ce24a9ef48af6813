/** What a source is, as ffprobe and the packet scan saw it. Pure types. */
export interface Media {
  /** Container as ffprobe names it, for example `mov,mp4,m4a,3gp,3g2,mj2`. */
  container: string;
  bytes: number;
  /** Where the last picture ends, in seconds from the start of the file. The source's length is the pictures' length. */
  seconds: number;
  video: VideoStream;
  audio: AudioStream | null;
}

export interface VideoStream {
  codec: string;
  /** Stored size in pixels, before rotation and pixel aspect. */
  width: number;
  height: number;
  /** Degrees clockwise to turn the stored picture upright: 0, 90, 180 or 270. */
  rotation: number;
  /** Sample (pixel) aspect ratio, 1 for square pixels. */
  pixelAspect: number;
  /** Mean pictures per second. */
  fps: number;
  pixelFormat: string;
}

export interface AudioStream {
  codec: string;
  channels: number;
  sampleRate: number;
}
