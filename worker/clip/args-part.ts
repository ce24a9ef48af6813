import { gridOf, placeOf, type Grid, type GridPart } from '../../shared/task/grid.ts';
import { Problem } from '../../shared/task/problem.ts';
import { rateText, ticksOf } from '../../shared/task/rate.ts';
import type { Command } from '../ffmpeg/command.ts';
import { fileAddress } from '../ffmpeg/input.ts';
import {
  imageInput,
  notAlone,
  pictureInput,
  pictureOptions,
  plainOptions,
  tableRead,
  type ClipRequest,
} from './args.ts';
import { watermarked } from './args-filters.ts';
import { color, framedPictures, pad, stillPictures, toHdColor } from './args-frame.ts';
import { chain } from './chain.ts';
import { framing, type Size } from './frame.ts';
import { timeOfPicture, wholePictures } from './pictures.ts';
import { renditions } from './renditions.ts';
import { stretches } from './shapes.ts';

/** As for a clip; `to` is the path of a rendition by its name. */
export interface PartRequest extends Omit<ClipRequest, 'to'> {
  to: (rendition: string) => string;
}

/**
 * The one FFmpeg command that makes a part of what is joined: its pictures alone, in every size from one decoding. Pure.
 *
 * One thread an encoder: x264 makes other pictures with another number, and a part that is tried again, on another
 * machine, has to be the same. The fleet works on many parts at once.
 */
export function partCommand(request: PartRequest): Command {
  const { input, media, profile, to } = request;
  const grid = gridOf(profile, media);
  const part = input.grid;
  if (!part) throw new Problem('internal', 'a part to be joined without its place');
  const { frame } = framing(media.video, profile.frame);
  const { bumper, watermark } = profile;
  const hasBumper = bumper !== null && part.before + part.after > 0;

  const inputs = [pictureInput({ ...request, to: '' })];
  const bumperInput = hasBumper ? inputs.push(imageInput(request, bumper.image)) - 1 : -1;
  const watermarkInput = watermark ? inputs.push(imageInput(request, watermark.image)) - 1 : -1;
  const sizes = renditions(frame, profile.join);
  const filters = [
    ...body(request, grid, part, watermark ? 'plain' : 'body'),
    ...(watermark ? watermarked(watermarkInput, watermark, frame) : []),
    ...(hasBumper ? withBumper(bumperInput, frame, grid, part) : []),
    ...scaledTo(hasBumper ? '[pictures]' : '[body]', sizes),
  ];
  const [first, ...more] = sizes.map(({ name }) => ({
    options: ['-map', `[size${name}]`, ...outputOptions(request, grid)],
    output: fileAddress(to(name)),
  }));
  if (!first) throw new Problem('internal', 'a part without a size');
  return notAlone({ inputs, filters, ...first, more, ...tableRead(request) }, request);
}

/**
 * Exactly the pictures of the part's places. Each picture is put on its place as `placeOf` does it, from the file's own
 * time: counted from the part's beginning, rounding could put one beside a seam on another place in each part.
 *
 * A quarter of a place is added, which rounds to the same place; so the end of the source, rounded up, comes after the
 * last picture's place, however short that picture is.
 */
function body(request: PartRequest, grid: Grid, part: GridPart, label: string): string[] {
  const { media, input, shapes = [] } = request;
  const { over, under } = grid.rate;
  const first = (time: number) => placeOf(grid, time - media.starts_at) - part.first;
  const all = stretches(media.video, shapes, first, part.frames);
  const target = { label, frames: part.frames, stretches: all, rate: rateText(grid.rate) };
  const shared = { ...request, shapes };
  if (media.video.still) return stillPictures(shared, target);
  const begin = media.starts_at + grid.origin;
  const place = `(floor((${timeOfPicture(request)}/1000000-${begin})*${over}/${under}+0.5001)-${part.first}+0.25)`;
  const lasts = (input.part.end - input.last_picture_at) * (over / under);
  const timed = [
    ...wholePictures(request),
    'settb=1/1000000',
    // What shows when the part begins may have begun long before, and be the last that comes.
    `setpts='round(max(0.25,${place})*1000000*${under}/${over})'`,
    `fps=${rateText(grid.rate)}:start_time=0:eof_action=pass`,
    `tpad=stop_mode=clone:stop=${Math.ceil(lasts) + 1}`,
    `trim=end_frame=${part.frames}`,
  ];
  return framedPictures(shared, timed, target);
}

/** The bumper before the first part and after the last; their pictures are numbered anew, in step with the rate. */
function withBumper(input: number, frame: Size, { rate }: Grid, { before, after }: GridPart): string[] {
  const rateIs = rateText(rate);
  const still = (frames: number) => [
    `loop=loop=${frames - 1}:size=1:start=0`,
    // One tick a picture: the picture's own 25 a second would round times, and lose a picture at the end.
    `settb=${rate.under}/${rate.over}`,
    'setpts=N',
    `fps=${rateIs}`,
    `trim=end_frame=${frames}`,
  ];
  const scaled = [
    `scale=${frame.width}:${frame.height}:force_original_aspect_ratio=decrease:flags=bicubic:${toHdColor}`,
    ...[pad(frame), 'setsar=1', 'format=yuv420p', color],
  ];
  const ends = [...(before > 0 ? ['[before]'] : []), '[body]', ...(after > 0 ? ['[after]'] : [])];
  return [
    chain(`[${input}:0]`, before > 0 && after > 0 ? '[still1][still2]' : '[still1]', [
      ...scaled,
      ...(before > 0 && after > 0 ? ['split=2'] : []),
    ]),
    ...(before > 0 ? [chain('[still1]', '[before]', still(before))] : []),
    ...(after > 0 ? [chain(before > 0 ? '[still2]' : '[still1]', '[after]', still(after))] : []),
    `${ends.join('')}concat=n=${ends.length}:v=1:a=0,fps=${rateIs}[pictures]`,
  ];
}

function scaledTo(from: string, sizes: ReturnType<typeof renditions>): string[] {
  const [largest, ...smaller] = sizes;
  if (!largest) return [];
  if (smaller.length === 0) return [`${from}null[size${largest.name}]`];
  const labels = [`[size${largest.name}]`, ...smaller.map(({ name }) => `[large${name}]`)];
  return [
    `${from}split=${sizes.length}${labels.join('')}`,
    ...smaller.map(({ name, width, height }) =>
      chain(`[large${name}]`, `[size${name}]`, [`scale=${width}:${height}:flags=bicubic`, 'setsar=1', color]),
    ),
  ];
}

function outputOptions({ profile, mostBytes }: PartRequest, grid: Grid): string[] {
  return [
    ...pictureOptions(profile.video, grid.segment, 1),
    // A stream's segments all have the same length, so no key picture between; and its players want no edit list, which
    // pictures stored in another order than shown would need.
    ...(profile.join === 'hls' ? ['-sc_threshold', '0', '-keyint_min', `${grid.segment}`, '-bf', '0'] : []),
    ...['-an', ...plainOptions, '-video_track_timescale', `${ticksOf(grid.rate).timescale}`],
    ...['-fs', `${mostBytes}`, '-f', 'mp4'],
  ];
}
