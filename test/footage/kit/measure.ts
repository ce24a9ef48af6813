import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { tools } from '../../kit/videos.ts';
import { beep } from './draw.ts';

/** What is in a file, measured by decoding it: nothing is believed that its header says. */

const run = promisify(execFile);
const buffered = { encoding: 'buffer', maxBuffer: 2 ** 30, timeout: 120_000 } as const;

async function decoded(file: string, args: string[], before: string[] = []): Promise<Buffer> {
  const all = ['-nostdin', '-v', 'error', ...before, '-i', file, ...args, '-'];
  return (await run(tools.ffmpeg, all, buffered)).stdout;
}

/** A part of the frame, in shares of its width and height. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What a file shows and lets hear, on its own clock. */
export interface Watched {
  /** The numbers that the pictures show, in order, and their time stamps in seconds. */
  numbers: number[];
  times: number[];
  sound: Heard | null;
}

export interface Heard {
  /** From 0 on to the end of the sound. */
  seconds: number;
  /** Highest sample, 0 to 1. */
  peak: number;
  /** When beeps begin, in seconds. */
  beeps: number[];
}

interface Watching {
  /** Where the numbers stand; the whole frame by default. */
  box?: Box | undefined;
  /** Only this channel of the sound. */
  channel?: number;
  /** What to look at; both by default, as far as the file has them. */
  only?: 'pictures' | 'sound';
}

/** Of one pass: starting FFmpeg costs more than decoding what is this small. */
export async function watch(file: string, { box, channel, only }: Watching = {}): Promise<Watched> {
  const cropped = box ? `crop=iw*${box.width}:ih*${box.height}:iw*${box.x}:ih*${box.y}:exact=1,` : '';
  const row = `${cropped}crop=iw:ih/9:0:ih*4/9:exact=1,scale=16:1:flags=area,format=gray,showinfo=checksum=0`;
  // Each picture as it is: FFmpeg would repeat some. Silence where the stamps of the sound leave a hole.
  const heard = `aresample=${hearing}:async=1:first_pts=0${channel === undefined ? '' : `,pan=mono|c0=c${channel}`}`;
  const pictures = ['-map', '0:V:0?', '-vf', row, '-fps_mode', 'passthrough', '-f', 'rawvideo', 'pipe:1'];
  const sound = ['-map', '0:a:0?', '-af', heard, '-ac', '1', '-ar', `${hearing}`, '-f', 's16le', 'pipe:3'];
  const outputs = [...(only === 'sound' ? [] : pictures), ...(only === 'pictures' ? [] : sound)];
  const { shown, samples, said, isMissing } = await piped(['-copyts', '-threads', '1', '-i', file, ...outputs]);
  if (isMissing && only === undefined) return watch(file, { box, only: 'pictures' });
  const times = [...said.matchAll(/ n: *\d+ .*?pts_time:([-\d.]+)/g)].map(([, time]) => Number(time));
  const numbers = Array.from({ length: shown.length / 16 }, (_, at) =>
    shown.subarray(at * 16, at * 16 + 16).reduce((number, bar, bit) => number + (bar > 125 ? 2 ** bit : 0), 0),
  );
  return { numbers, times, sound: samples.length > 0 ? heardIn(samples) : null };
}

/** Runs FFmpeg with pictures on its standard output and sound on a further one. */
async function piped(args: string[]) {
  const given = ['-nostdin', '-hide_banner', '-nostats', '-v', 'info', ...args];
  const child = spawn(tools.ffmpeg, given, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'], timeout: 120_000 });
  const ended = once(child, 'close') as Promise<[number | null]>;
  const read = async (stream: unknown) => Buffer.concat(await (stream as Readable).toArray());
  const [, out, err, further] = child.stdio;
  const [shown, said, samples, [code]] = await Promise.all([read(out), read(err), read(further), ended]);
  const isMissing = said.includes('does not contain any stream');
  if (code !== 0 && !isMissing && shown.length + samples.length === 0) throw new Error(said.toString().slice(-500));
  return { shown, samples, said: said.toString(), isMissing };
}

const hearing = 16_000;

/** Least peak that counts as a sound, of 32767: a mix of many channels may be quiet, but not that quiet. */
const audible = 700;

function heardIn(bytes: Buffer): Heard {
  const samples = Int16Array.from({ length: bytes.length >> 1 }, (_, at) => bytes.readInt16LE(2 * at));
  const peak = samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  const found: number[] = [];
  for (let at = 0; peak >= audible && at < samples.length; at++) {
    if (Math.abs(samples[at] ?? 0) < peak / 4) continue;
    found.push(at / hearing);
    at += hearing * beep.seconds * 3;
  }
  return { seconds: samples.length / hearing, peak: peak / 32_768, beeps: found };
}

/** When pictures and sound of a file are due by its own clock, in seconds; NaN without any. */
export async function begins(file: string): Promise<{ pictures: number; sound: number }> {
  const entries = ['-show_entries', 'stream=codec_type,start_time', '-of', 'json'];
  const env = { ...process.env, GCONV_PATH: '/nonexistent' };
  const { stdout } = await run(tools.ffprobe, ['-v', 'error', ...entries, file], { env });
  const { streams = [] } = JSON.parse(stdout) as { streams?: { codec_type: string; start_time?: string }[] };
  const at = (type: string) => Number.parseFloat(streams.find((one) => one.codec_type === type)?.start_time ?? '');
  return { pictures: at('video'), sound: at('audio') };
}

/** Integrated loudness in LUFS and true peak in dBTP, by EBU R 128. */
export async function loudness(file: string): Promise<{ integrated: number; truePeak: number }> {
  const args = ['-nostdin', '-hide_banner', '-i', file, '-vn', '-af', 'ebur128=peak=true', '-f', 'null', '-'];
  const { stderr } = await run(tools.ffmpeg, args, { maxBuffer: 2 ** 26 });
  const summary = stderr.slice(stderr.lastIndexOf('Summary:'));
  const read = (line: RegExp) => Number.parseFloat(line.exec(summary)?.[1] ?? '');
  return { integrated: read(/I:\s+(-?[\d.]+) LUFS/), truePeak: read(/Peak:\s+(-?[\d.]+) dBFS/) };
}

export interface GrayPicture {
  width: number;
  height: number;
  bytes: Buffer;
}

/** Gray pictures of a file from one place on. */
export async function pictures(file: string, from: number, count: number): Promise<GrayPicture[]> {
  const chosen = `select='between(n,${from},${from + count - 1})',format=gray`;
  const args = ['-an', '-vf', chosen, '-fps_mode', 'passthrough', '-f', 'image2pipe', '-c:v', 'pgm'];
  return readPgm(await decoded(file, args));
}

/** Pictures of the simplest format that names its size, one after another. */
function readPgm(bytes: Buffer): GrayPicture[] {
  const found: GrayPicture[] = [];
  for (let at = 0; at < bytes.length;) {
    const [head = '', width = '', height = ''] =
      /^P5\s(\d+) (\d+)\s255\s/.exec(bytes.toString('latin1', at, at + 40)) ?? [];
    if (!head) throw new Error(`no picture at ${at}`);
    const size = Number(width) * Number(height);
    const from = at + head.length;
    found.push({ width: Number(width), height: Number(height), bytes: bytes.subarray(from, from + size) });
    at = from + size;
  }
  return found;
}

/** Checksums of the decoded pictures, one each. */
export async function checksums(file: string): Promise<string[]> {
  const stdout = await decoded(file, ['-map', '0:v', '-f', 'framemd5']);
  const lines = stdout
    .toString()
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));
  return lines.map((line) => line.split(',').at(-1)?.trim() ?? '');
}
