import type { Size } from './frame.ts';
import type { Profile } from '../../shared/task/profile.ts';

/** One size of what is made. */
export interface Rendition extends Size {
  name: string;
}

/** Heights of a stream's smaller sizes. */
const heights = [1080, 720, 480, 360];

/**
 * The sizes that a part is made in, the largest first: one, or for a stream those below it too. Never above the frame,
 * which is never above the source. Pure.
 */
export function renditions(frame: Size, join: Profile['join']): Rendition[] {
  const largest = { name: `${frame.height}`, ...frame };
  if (join !== 'hls') return [largest];
  const smaller = heights.filter((height) => height < frame.height);
  return [largest, ...smaller.map((height) => ({ name: `${height}`, height, width: widthFor(height, frame) }))];
}

function widthFor(height: number, frame: Size): number {
  return Math.max(2, 2 * Math.round((frame.width * height) / frame.height / 2));
}
