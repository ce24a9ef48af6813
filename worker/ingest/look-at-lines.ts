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
const width = 240;

/** Pictures at each place: what film was made into repeats after five. */
const pictures = 6;

const wallSeconds = 60;

/** Of 8K pictures nobody looks at lines; these are at most 1,200 high. */
const allowance = { memory: 4 * 2 ** 30, cpuSeconds: wallSeconds, fileSize: width * 1200 * pictures };

/** Heights of television, which was interlaced, with what encoders add to fill blocks. */
const linesOfTelevision = [480, 486, 496, 512, 576, 578, 608, 1080, 1088];

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
 * How closely to look for interlaced pictures: `well` where the header says so, `once` where it does not but they have
 * the size and rate of television. Pure.
 */
export function suspicion({ codec, height, field_order, header_fps }: PictureHead): 'well' | 'once' | null {
  if (height > 1200 || !holdsFields.includes(codec)) return null;
  if (field_order !== null && field_order !== 'progressive') return 'well';
  const isOfTelevision = [25, 30_000 / 1001].some((fps) => Math.abs((header_fps ?? 0) / fps - 1) < 0.0005);
  return linesOfTelevision.includes(height) && isOfTelevision ? 'once' : null;
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
    return scanOf(windows.map((pixels) => ({ width, height: video.height, pixels })));
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
    options: ['-map', `[lines${at}]`, '-c:v', 'rawvideo', '-f', 'rawvideo'],
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
    filters: places.map(
      (_, at) => `[${at}:${index}]trim=end_frame=${pictures},scale=${width}:ih:flags=area,format=gray[lines${at}]`,
    ),
    ...(first ?? { options: [], output: '-' }),
    more,
  };
}
