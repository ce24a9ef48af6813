import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Problem } from '../../shared/task/problem.ts';
import type { Command } from '../ffmpeg/command.ts';
import { fileAddress, userFileFlags } from '../ffmpeg/input.ts';
import { runFfmpeg } from '../ffmpeg/run.ts';
import type { Tools } from '../ffmpeg/tools.ts';
import { scanOf, type Lines } from './lines.ts';
import { atMost, PeakMeter } from './listen.ts';
import { linesOf, linesWidth } from './look-at-lines.ts';

/** What is decoded of a file, by the numbers of its streams. */
export interface Wanted {
  container: string;
  picture: number | null;
  sound: { index: number; channels: number } | null;
  /** Where some pictures are looked at for lines, in seconds, and how high they are; null for nowhere. */
  lines: { at: number; height: number } | null;
}

export interface FirstLook {
  /** Why it does not decode, by what FFmpeg said; null where it does. */
  failed: string | null;
  /** The first seconds of the sound are silent. */
  silent: boolean;
  /** Null where nobody looked, or nothing moved. */
  lines: Lines | null;
}

const wallSeconds = 20;

/** Seconds of sound that are decoded: what is silent for longer is listened to elsewhere. */
const soundSeconds = 3;

/**
 * Decodes a first picture and the first sound, as the clips will, and in the same go looks at a few pictures from the
 * middle: what this FFmpeg lacks a decoder for, what is encrypted and what is too large is found out before any part is
 * encoded.
 * @throws Problem internal, and the signal's reason when aborted
 */
export async function lookFirst(
  source: string,
  wanted: Wanted,
  { tools, signal, folder = os.tmpdir() }: { tools: Tools; signal: AbortSignal; folder?: string | undefined },
): Promise<FirstLook> {
  const to = await mkdtemp(path.join(folder, 'look-'));
  const file = path.join(to, 'lines.gray');
  const meter = new PeakMeter();
  let pictures = 0;
  const onFrames = (frames: number) => (pictures = Math.max(pictures, frames));
  const allowance = { memory: 4 * 2 ** 30, cpuSeconds: 2 * wallSeconds, fileSize: 2 ** 22 };
  const run = { tools, signal, wallSeconds, allowance, onFrames, onMessage: (line: string) => meter.read(line) };
  try {
    await runFfmpeg(looking(source, wanted, file), run);
    if (wanted.picture !== null && pictures === 0) return nothing('no picture comes out');
    return { failed: null, silent: wanted.sound !== null && meter.isSilent, lines: await readLines(file, wanted) };
  } catch (error) {
    if (!(error instanceof Problem) || error.code === 'internal') throw error;
    // With a picture there, only the sound was waited for: it begins late, which is no fault.
    if (error.code === 'step_timeout' && pictures > 0) return { failed: null, silent: false, lines: null };
    return nothing(error.detail ?? error.code);
  } finally {
    await rm(to, { recursive: true, force: true });
  }
}

function nothing(failed: string): FirstLook {
  return { failed, silent: false, lines: null };
}

async function readLines(file: string, { lines }: Wanted): Promise<Lines | null> {
  return lines && scanOf([{ width: linesWidth, height: lines.height, pixels: await readFile(file) }]);
}

/** Ended by filters: FFmpeg 7 takes `-frames:a 1` as the end of the pictures too, even before the first of them. */
function looking(source: string, { container, picture, sound, lines }: Wanted, file: string): Command {
  const flags = ['-threads', '1', '-noautorotate', '-max_error_rate', '1', ...userFileFlags(container)];
  const address = fileAddress(source);
  const inputs: Command['inputs'] = [];
  const filters: string[] = [];
  const outputs: NonNullable<Command['more']> = [];
  const away = ['-threads', '1', '-f', 'null'];
  if (picture !== null) {
    const input = inputs.push({ address, options: flags }) - 1;
    filters.push(`[${input}:${picture}]trim=end_frame=1[picture]`);
    outputs.push({ options: ['-map', '[picture]', ...away], output: '-' });
  }
  if (sound) {
    const input = inputs.push({ address, options: [...flags, '-vn'] }) - 1;
    // Of all channels: the one that speaks may be any.
    const all = Array.from({ length: sound.channels }, (_, at) => `c${at}`).join('+');
    filters.push(`[${input}:${sound.index}]${atMost(soundSeconds)},pan=mono|c0<${all},volumedetect[sound]`);
    outputs.push({ options: ['-map', '[sound]', ...away], output: '-' });
  }
  if (picture !== null && lines) {
    const seek = lines.at > 0 ? ['-noaccurate_seek', '-ss', lines.at.toFixed(3)] : [];
    const input = inputs.push({ address, options: [...flags, '-an', ...seek] }) - 1;
    filters.push(`[${input}:${picture}]${linesOf}[lines]`);
    outputs.push({
      options: ['-map', '[lines]', '-fps_mode', 'passthrough', '-c:v', 'rawvideo', '-f', 'rawvideo'],
      output: fileAddress(file),
    });
  }
  const [first = { options: away, output: '-' }, ...more] = outputs;
  return { inputs, filters, ...first, more };
}
