import { fpsOf } from '../../shared/task/rate.ts';
import { wholeFrames, type Grid } from '../../shared/task/grid.ts';
import type { Command } from '../ffmpeg/command.ts';
import { fileAddress } from '../ffmpeg/input.ts';
import type { Rendition } from '../clip/renditions.ts';

/** One sheet, whatever the length: 100 small pictures, 10 in a row. */
const columns = 10;
const most = 100;
const width = 160;

/** The small pictures of a video. Pure. */
export interface Sheet {
  /** Every so many key pictures one is shown. */
  every: number;
  count: number;
  rows: number;
  /** Size of one, in pixels. */
  width: number;
  height: number;
  /** Seconds from one to the next. */
  seconds: number;
}

export function sheetOf(grid: Grid, of: Pick<Rendition, 'width' | 'height'>): Sheet {
  const keys = Math.ceil(wholeFrames(grid) / grid.segment);
  const every = Math.ceil(keys / most);
  const count = Math.ceil(keys / every);
  const height = Math.max(2, 2 * Math.round((width * of.height) / of.width / 2));
  const seconds = (every * grid.segment) / fpsOf(grid.rate);
  return { every, count, rows: Math.ceil(count / columns), width, height, seconds };
}

/** The sheet out of a video's key pictures, which are decoded alone, and the first of them at its own size. */
export function picturesCommand(video: string, sheet: Sheet, to: { sheet: string; poster: string }): Command {
  const jpeg = ['-c:v', 'mjpeg', '-q:v', '4', '-frames:v', '1', '-fps_mode', 'passthrough', '-f', 'image2'];
  const small = `scale=${sheet.width}:${sheet.height}:flags=area,tile=${Math.min(columns, sheet.count)}x${sheet.rows}`;
  const posterAt = Math.floor(sheet.count * 0.1) * sheet.every;
  return {
    inputs: [{ address: fileAddress(video), options: ['-skip_frame', 'nokey', '-protocol_whitelist', 'file'] }],
    filters: [
      '[0:v:0]split=2[a][b]',
      `[a]select='not(mod(n\\,${sheet.every}))',${small},format=yuvj420p[sheet]`,
      `[b]select='eq(n\\,${posterAt})',format=yuvj420p[poster]`,
    ],
    options: ['-map', '[sheet]', ...jpeg, '-update', '1'],
    output: fileAddress(to.sheet),
    more: [{ options: ['-map', '[poster]', ...jpeg, '-update', '1'], output: fileAddress(to.poster) }],
  };
}

/** Which of the sheet's pictures belongs to which time (WebVTT). @param seconds length of the video */
export function sheetTimes({ count, width, height, seconds: step }: Sheet, seconds: number): string {
  const cues = Array.from({ length: count }, (_, at) => {
    const place = `${(at % columns) * width},${Math.floor(at / columns) * height},${width},${height}`;
    return `${clock(at * step)} --> ${clock(Math.min(seconds, (at + 1) * step))}\nsprite.jpg#xywh=${place}\n`;
  });
  return ['WEBVTT\n', ...cues].join('\n');
}

function clock(seconds: number): string {
  return new Date(Math.round(seconds * 1000)).toISOString().slice(11, 23);
}
