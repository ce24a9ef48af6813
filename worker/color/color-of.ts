import type { VideoStream } from '../../shared/task/media.ts';
import type { SourceColor } from './color.ts';

/** What a source says of its colors. Pure. */
export function colorOf(video: VideoStream): SourceColor {
  const { color_space, primaries, transfer, range, pixel_format, width, height, mastering_peak, max_cll } = video;
  return {
    ...{ matrix: color_space, primaries: primaries ?? null, transfer: transfer ?? null, range: range ?? null },
    ...{ pixel_format, width, height, mastering_peak: mastering_peak ?? null, max_cll: max_cll ?? null },
  };
}
