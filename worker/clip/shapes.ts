import type { VideoStream } from '../../shared/task/media.ts';

/** A size and pixel shape that pictures have from a time on, in seconds of the source's own time stamps. */
export interface Shape {
  from: number;
  width: number;
  height: number;
  pixel_aspect: number;
}

/** A picture turned out to have another shape than those before it: the command has to be made anew, for it too. */
export class OtherShape extends Error {
  constructor(readonly shape: Shape) {
    super(`a picture of ${shape.width}x${shape.height} at ${shape.from} s`);
  }
}

/** So many changes in one part are followed; what changes more often is no recording. */
export const mostShapes = 40;

const told = /showinfo.*? n: *\d+ pts: *-?\w+ pts_time:(-?[\d.]+) .*?sar:(\d+)\/(\d+) s:(\d+)x(\d+) /;

/** What FFmpeg's `showinfo` says of a picture; null for any other line. Pure. */
export function shapeTold(line: string): Shape | null {
  const found = told.exec(line);
  if (!found) return null;
  const [time = NaN, over = 0, under = 0, width = 0, height = 0] = found.slice(1).map(Number);
  const aspect = over / under;
  return { from: time, width, height, pixel_aspect: aspect >= 1 / 8 && aspect <= 8 ? aspect : 1 };
}

/**
 * Listens for pictures of another shape than is known.
 * @param known as they follow each other; the first one is the header's unless pictures have told otherwise
 * @throws OtherShape
 */
export function watchShapes(video: VideoStream, known: readonly Shape[]): (line: string) => void {
  const first = { from: -Infinity, ...sizeOf(video) };
  return (line) => {
    const shape = shapeTold(line);
    if (!shape || Number.isNaN(shape.from)) return;
    const expected = known.findLast(({ from }) => from <= shape.from + 1e-5) ?? first;
    if (!isSame(shape, expected)) throw new OtherShape(shape);
  };
}

function sizeOf({ width, height, pixel_aspect }: VideoStream) {
  return { width, height, pixel_aspect };
}

function isSame(one: Shape, other: Shape): boolean {
  const sameSize = one.width === other.width && one.height === other.height;
  return sameSize && Math.abs(one.pixel_aspect / other.pixel_aspect - 1) < 0.01;
}

/** A stretch of a part's pictures of one shape: from a picture on, by its number in the part. */
export interface Stretch extends Pick<VideoStream, 'width' | 'height' | 'pixel_aspect'> {
  first: number;
}

/**
 * Which of a part's pictures have which shape. Pure.
 * @param placeOf number of the picture that shows a time, in seconds of the source's own time stamps
 * @param frames pictures of the part
 */
export function stretches(
  video: VideoStream,
  known: readonly Shape[],
  placeOf: (time: number) => number,
  frames: number,
): Stretch[] {
  const all: Stretch[] = [{ first: 0, ...sizeOf(video) }];
  for (const { from, width, height, pixel_aspect } of known) {
    const first = Math.max(0, placeOf(from));
    while ((all.at(-1)?.first ?? -1) >= first) all.pop();
    if (first < frames || all.length === 0) all.push({ first, width, height, pixel_aspect });
  }
  return all;
}
