import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Problem } from '../../shared/task/problem.ts';
import type { Command } from '../ffmpeg/command.ts';
import { fileAddress, userFileFlags } from '../ffmpeg/input.ts';
import { SoundChanges } from '../ffmpeg/failure.ts';
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
  /** Height of the pictures, of which some are looked at for lines; null for none. */
  lines: { height: number } | null;
  /** Where to look, in seconds after the file's first time stamp. */
  at: number;
}

export interface FirstLook {
  /** Why it does not decode, by what FFmpeg said; null where it does. */
  failed: string | null;
  /** There is no sound there, or it is silent. */
  silent: boolean;
  /** Null where nobody looked, or nothing moved. */
  lines: Lines | null;
}

const wallSeconds = 20;

/** Seconds of sound that are decoded: what is silent is listened to elsewhere. */
const soundSeconds = 0.25;

/** Seconds that are read, or sound that is not there would be looked for to the end. */
const readSeconds = 5;

/**
 * Decodes a picture and some sound from the middle, as the clips will, and looks at a few pictures' lines: what this FFmpeg
 * lacks a decoder for, what is encrypted and what is too large is found out before any part is encoded.
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
    // It decodes, and is not the same all through.
    if (error instanceof SoundChanges) return { failed: null, silent: false, lines: null };
    if (!(error instanceof Problem) || error.code === 'internal') throw error;
    return nothing(error.detail ?? error.code);
  } finally {
    await rm(to, { recursive: true, force: true });
  }
}

function nothing(failed: string): FirstLook {
  return { failed, silent: false, lines: null };
}

async function readLines(file: string, { lines }: Wanted): Promise<Lines | null> {
  return (
    lines &&
    scanOf([{ width: linesWidth, height: lines.height, pixels: await readFile(file).catch(() => new Uint8Array()) }])
  );
}

/** Ended by filters: FFmpeg 7 takes `-frames:a 1` as the end of the pictures too, even before the first of them. */
function looking(source: string, { container, picture, sound, lines, at }: Wanted, file: string): Command {
  const seek = at > 0 ? ['-noaccurate_seek', '-ss', at.toFixed(3)] : [];
  const flags = [
    '-threads',
    '1',
    '-noautorotate',
    '-max_error_rate',
    '1',
    '-reinit_filter:a',
    '0',
    ...userFileFlags(container),
  ];
  const filters: string[] = [];
  const outputs: NonNullable<Command['more']> = [];
  const away = ['-threads', '1', '-f', 'null'];
  if (picture !== null) {
    filters.push(`[0:${picture}]${lines ? 'split=2[one][some];[one]' : ''}trim=end_frame=1[picture]`);
    outputs.push({ options: ['-map', '[picture]', '-fps_mode', 'passthrough', ...away], output: '-' });
  }
  if (sound) {
    // Of all channels: the one that speaks may be any.
    const all = Array.from({ length: sound.channels }, (_, channel) => `c${channel}`).join('+');
    filters.push(`[0:${sound.index}]${atMost(soundSeconds)},pan=mono|c0<${all},volumedetect[sound]`);
    outputs.push({ options: ['-map', '[sound]', ...away], output: '-' });
  }
  if (picture !== null && lines) {
    filters.push(`[some]${linesOf}[lines]`);
    const raw = ['-map', '[lines]', '-fps_mode', 'passthrough', '-c:v', 'rawvideo', '-f', 'rawvideo'];
    outputs.push({ options: raw, output: fileAddress(file) });
  }
  const [first = { options: away, output: '-' }, ...more] = outputs;
  const input = { address: fileAddress(source), options: [...flags, ...seek, '-t', `${readSeconds}`] };
  return { inputs: [input], filters, ...first, more };
}
