import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Problem } from '../../shared/task/problem.ts';
import type { Command } from '../ffmpeg/command.ts';
import { fileAddress, userFileFlags } from '../ffmpeg/input.ts';
import { runFfmpeg } from '../ffmpeg/run.ts';
import type { Tools } from '../ffmpeg/tools.ts';
import type { PictureHead } from './picture-stream.ts';
import { scanOf, type Lines } from './lines.ts';

/** Lines are looked at in pictures made so narrow: they stay lines. */
export const linesWidth = 240;

/** Pictures at each place: what film was made into repeats after five. */
const pictures = 6;

/** A few pictures as their brightness, as `scanOf` takes them. */
export const linesOf = `trim=end_frame=${pictures},setpts=PTS-STARTPTS,scale=${linesWidth}:ih:flags=area,format=gray`;

const wallSeconds = 60;

/** Of 8K pictures nobody looks at lines; these are at most 1,200 high. */
const allowance = { memory: 4 * 2 ** 30, cpuSeconds: wallSeconds, fileSize: linesWidth * 1200 * pictures };

/** Codecs that can hold pictures of two fields. */
const holdsFields = [
  'mpeg2video',
  'h264',
  'dvvideo',
  'prores',
  'mpeg4',
  'vc1',
  'wmv3',
  'mjpeg',
  'dnxhd',
  'cfhd',
  'hevc',
];

/**
 * How closely to look for interlaced pictures: `well` where the header says so, `once` where it does not but they could
 * be, for headers are often wrong. Pure.
 */
export function suspicion({ codec, height, field_order, header_fps }: PictureHead): 'well' | 'once' | null {
  if (height > 1200 || !holdsFields.includes(codec)) return null;
  if (field_order !== null && field_order !== 'progressive') return 'well';
  // Television has 25 or 29.97 pictures of two fields a second, and nobody weaves fields into more.
  return header_fps === null || (header_fps > 20 && header_fps < 31) ? 'once' : null;
}

/**
 * Looks at the lines of some pictures.
 * @param places where to look, in seconds after the file's first time stamp
 * @returns null where nothing moved enough to tell, or it could not be looked at
 */
export async function lookAtLines(
  source: string,
  { container, video, places }: { container: string; video: PictureHead; places: readonly number[] },
  { tools, signal, folder = os.tmpdir() }: { tools: Tools; signal: AbortSignal; folder?: string | undefined },
): Promise<Lines | null> {
  const to = await mkdtemp(path.join(folder, 'lines-'));
  const file = (at: number) => path.join(to, `${at}.gray`);
  try {
    const command = looking(source, { container, index: video.index, places, file });
    await runFfmpeg(command, { tools, signal, wallSeconds, allowance });
    const windows = await Promise.all(places.map((_, at) => readFile(file(at))));
    return scanOf(windows.map((pixels) => ({ width: linesWidth, height: video.height, pixels })));
  } catch (error) {
    if (error instanceof Problem && error.code !== 'internal') return null;
    throw error;
  } finally {
    await rm(to, { recursive: true, force: true });
  }
}

function looking(
  source: string,
  {
    container,
    index,
    places,
    file,
  }: { container: string; index: number; places: readonly number[]; file: (at: number) => string },
): Command {
  const outputs = places.map((_, at) => ({
    options: ['-map', `[lines${at}]`, '-fps_mode', 'passthrough', '-c:v', 'rawvideo', '-f', 'rawvideo'],
    output: fileAddress(file(at)),
  }));
  const [first, ...more] = outputs;
  return {
    inputs: places.map((place) => ({
      address: fileAddress(source),
      options: [
        ...['-threads', '1', '-noautorotate', ...userFileFlags(container), '-an', '-sn', '-dn'],
        ...(place > 0 ? ['-ss', place.toFixed(6)] : []),
      ],
    })),
    filters: places.map((_, at) => `[${at}:${index}]${linesOf}[lines${at}]`),
    ...(first ?? { options: [], output: '-' }),
    more,
  };
}
