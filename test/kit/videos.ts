import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { findTools, type Tools } from '../../worker/ffmpeg/tools.ts';

/** The FFmpeg under test: by setting, on PATH, or shipped through npm. It draws the videos too. */
export const tools: Tools = await findTools({
  FFMPEG_PATH: process.env.FFMPEG_PATH || undefined,
  FFPROBE_PATH: process.env.FFPROBE_PATH || undefined,
});

const cache = path.join(os.tmpdir(), 'claqueta-test-videos');

/** What a drawn video is. Every picture shows its own number as 16 bars, so that a clip tells what it was cut from. */
export interface Recipe {
  seconds: number;
  /** Number of the first picture. */
  from?: number;
  fps?: number | string;
  width?: number;
  height?: number;
  /** A beep of 0.1 s at 1 s, 6 s, 11 s and so on; `5.1` has it on all speakers. */
  sound?: 'mono' | '5.1' | 'none';
  /** An encoder of FFmpeg. */
  codec?: string;
  /** File name extension, which names the container. */
  container?: 'mp4' | 'mkv' | 'ts' | 'flv' | 'avi';
  /** Filters after the bars, for example to leave pictures out or to change the shape. */
  filters?: string;
  /** Filters for the sound, for example to let it end early. */
  soundFilters?: string;
  /** Further options of the output. */
  options?: string[];
}

/** When the beeps sound, in seconds. */
export const beeps = { first: 1, every: 5, seconds: 0.1 };

/** Draws a video, once. @returns its path, which is not to be changed */
export async function sample(recipe: Recipe): Promise<string> {
  const { container = 'mp4' } = recipe;
  return made(container, [...sources(recipe), ...encoding(recipe)]);
}

/** A white circle on gray, to see whether anything is stretched. */
export async function circle(width: number, height: number, options: string[] = []): Promise<string> {
  const radius = Math.min(width, height) / 4;
  const inside = `hypot(X-${width / 2},Y-${height / 2})`;
  const drawn = `color=gray:s=${width}x${height}:r=10:d=1,geq=lum='if(lt(${inside},${radius}),235,60)':cb=128:cr=128`;
  return made('mp4', ['-f', 'lavfi', '-i', drawn, ...x264, ...options]);
}

/** Changes a video without decoding it. */
export async function copied(from: string, before: string[], after: string[], container = 'mp4'): Promise<string> {
  return made(container, [...before, '-i', from, '-map', '0', '-c', 'copy', ...after]);
}

/** A file made of others' bytes: cut off, damaged, put together. @param key tells it from others */
export async function altered(key: string, files: string[], change: (...bytes: Buffer[]) => Buffer): Promise<string> {
  return once(`${key}:${files.join(':')}`, path.extname(files[0] ?? '.mp4').slice(1), async (to) => {
    await writeFile(to, change(...(await Promise.all(files.map((file) => readFile(file))))));
  });
}

/** Whether this FFmpeg can draw with an encoder. */
export async function hasEncoder(name: string): Promise<boolean> {
  const { stdout } = await promisify(execFile)(tools.ffmpeg, ['-hide_banner', '-encoders']);
  return new RegExp(`^ V\\S+ ${name} `, 'm').test(stdout);
}

/** How loud the sound of a file is, by EBU R 128: LUFS and dBTP. */
export async function loudnessOf(file: string): Promise<{ integrated: number; true_peak: number }> {
  const args = [
    '-nostdin',
    '-hide_banner',
    '-i',
    file,
    '-vn',
    '-af',
    'ebur128=peak=true:framelog=verbose',
    '-f',
    'null',
    '-',
  ];
  const { stderr } = await promisify(execFile)(tools.ffmpeg, args);
  const read = (name: RegExp) => Number(name.exec(stderr)?.[1]);
  return { integrated: read(/^\s*I:\s+(-?[\d.]+) LUFS/m), true_peak: read(/^\s*Peak:\s+(-?[\d.]+) dBFS/m) };
}

/** Any FFmpeg command whose output is the last argument. */
export async function made(extension: string, args: string[]): Promise<string> {
  return once(args.join('\0'), extension, async (to) => {
    await promisify(execFile)(tools.ffmpeg, ['-nostdin', '-v', 'error', '-y', ...args, to], { timeout: 600_000 });
  });
}

const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];

function sources({ seconds, from = 0, fps = 30, sound = 'mono' }: Recipe): string[] {
  // One pixel a bar, enlarged later: computing each pixel of a large picture takes long.
  const bars = `color=black:s=16x9:r=${fps}:d=${seconds},geq=lum='if(mod(floor((N+${from})/pow(2,X)),2),235,16)':cb=128:cr=128`;
  const beep = `between(mod(t-${beeps.first},${beeps.every}),0,${beeps.seconds})*gte(t,${beeps.first})`;
  const tone = `aevalsrc='0.5*sin(2*PI*1000*t)*${beep}':s=48000:d=${seconds}`;
  return ['-f', 'lavfi', '-i', bars, ...(sound === 'none' ? [] : ['-f', 'lavfi', '-i', tone])];
}

function encoding(recipe: Recipe): string[] {
  const { width = 320, height = 180, sound = 'mono', codec, filters, soundFilters, options = [] } = recipe;
  const drawn = [`scale=${width}:${height}:flags=neighbor`, 'setsar=1', ...(filters ? [filters] : [])].join(',');
  const around = 'pan=5.1|c0=c0|c1=c0|c2=c0|c3=0*c0|c4=c0|c5=c0';
  const heard = [...(sound === '5.1' ? [around] : []), ...(soundFilters ? [soundFilters] : [])].join(',');
  return [
    ...['-vf', drawn, '-fps_mode', 'vfr'],
    ...(codec ? ['-c:v', codec] : [...x264, '-bf', '2', '-g', '120']),
    ...(sound === 'none' ? [] : ['-c:a', 'aac', ...(heard ? ['-af', heard] : [])]),
    ...options,
  ];
}

/** Makes a file once a machine, however many tests ask for it at the same time. */
async function once(key: string, extension: string, make: (to: string) => Promise<void>): Promise<string> {
  const name = createHash('sha256').update(`${tools.ffmpeg}\0${key}`).digest('hex').slice(0, 20);
  const file = path.join(cache, `${name}.${extension}`);
  await mkdir(cache, { recursive: true });
  if (await exists(file)) return file;
  const unfinished = path.join(cache, `${name}.${process.pid}-${Math.random().toString(36).slice(2)}.${extension}`);
  try {
    await make(unfinished);
    await rename(unfinished, file);
  } finally {
    await rm(unfinished, { force: true });
  }
  return file;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
