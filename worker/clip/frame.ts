import type { VideoStream } from '../../shared/task/media.ts';
import type { Profile } from '../../shared/task/profile.ts';

export interface Size {
  width: number;
  height: number;
}

/** How a source's picture gets into the clip's frame. */
export interface Framing {
  /** The clip's frame: even sizes. */
  frame: Size;
  /** The size that the whole upright picture is scaled to, with square pixels. */
  scaled: Size;
  /** Whether what is scaled sticks out of the frame or leaves bars in it. */
  fit: 'crop' | 'keep' | 'pad';
}

type Stored = Pick<VideoStream, 'width' | 'height' | 'rotation' | 'pixel_aspect' | 'aperture'>;

/**
 * The frame of the clips of a source. Pure.
 * Nothing is stretched: the picture is scaled by one factor in both directions, rounded to whole pixels.
 */
export function framing(video: Stored, frame: Profile['frame']): Framing {
  const upright = uprightSize(video);
  if (frame.fit === 'crop') return cropped(upright, frame.max_width, frame.max_height);
  return frame.fit === 'keep' ? kept(upright, frame.max_width, frame.max_height) : padded(upright, frame);
}

/**
 * Size of the picture as it is meant to be seen: square pixels, turned upright.
 * The smaller side keeps its pixels and the larger one follows: 1440×1080 with pixels of 4:3 is shown as 1920×1080.
 */
export function uprightSize({ rotation, pixel_aspect, aperture, ...stored }: Stored): Size {
  const { width, height } = aperture ?? stored;
  const square =
    height <= width
      ? { width: Math.max(1, Math.round(width * pixel_aspect)), height }
      : { width, height: Math.max(1, Math.round(height / pixel_aspect)) };
  return rotation % 180 === 0 ? square : { width: square.height, height: square.width };
}

/** The largest frame of the shape inside the picture, no larger than the most and never upscaled. */
function cropped(picture: Size, mostWidth: number, mostHeight: number): Framing {
  const shape = mostWidth / mostHeight;
  const inside = Math.min(picture.width, picture.height * shape);
  const width = Math.min(inside, mostWidth);
  const frame = { width: evenWithin(width, picture.width), height: evenWithin(width / shape, picture.height) };
  // A picture that fits loses a row or a column to get even, rather than its sharpness.
  const factor = width === inside ? 1 : Math.max(frame.width / picture.width, frame.height / picture.height);
  const scaled = {
    width: Math.max(frame.width, Math.round(picture.width * factor)),
    height: Math.max(frame.height, Math.round(picture.height * factor)),
  };
  return { frame, scaled, fit: 'crop' };
}

/** The whole picture in its own shape: scaled to even sizes, which is less than a pixel off. */
function kept(picture: Size, mostWidth: number, mostHeight: number): Framing {
  const factor = Math.min(1, mostWidth / picture.width, mostHeight / picture.height);
  const frame = {
    width: evenWithin(picture.width * factor, picture.width),
    height: evenWithin(picture.height * factor, picture.height),
  };
  return { frame, scaled: frame, fit: 'keep' };
}

/** The whole picture inside a fixed frame. Here a small picture is enlarged, or it would drown in black. */
function padded(picture: Size, frame: Size): Framing {
  const factor = Math.min(frame.width / picture.width, frame.height / picture.height);
  const scaled = {
    width: evenWithin(picture.width * factor, frame.width),
    height: evenWithin(picture.height * factor, frame.height),
  };
  return { frame: { width: frame.width, height: frame.height }, scaled, fit: 'pad' };
}

/**
 * How pictures of another shape get into a frame that is made already: those that come after the shape has changed in the
 * middle. Here small ones are enlarged. Pure.
 */
export function framingInto(frame: Size, video: Stored, fit: Framing['fit']): Framing {
  const picture = uprightSize(video);
  if (fit !== 'crop') return { ...padded(picture, frame), fit: 'pad' };
  const factor = Math.max(frame.width / picture.width, frame.height / picture.height);
  const covering = (length: number, least: number) => Math.max(least, Math.round(length * factor));
  const scaled = { width: covering(picture.width, frame.width), height: covering(picture.height, frame.height) };
  return { frame, scaled, fit };
}

/** The nearest even number that does not go beyond a limit, and at least 2: smaller no encoder takes. */
function evenWithin(length: number, limit: number): number {
  const nearest = 2 * Math.round(length / 2);
  return Math.max(2, nearest <= limit ? nearest : nearest - 2);
}
