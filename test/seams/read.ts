import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { tools } from '../kit/videos.ts';
import { tone } from './draw.ts';

const rate = 48_000;
/** Samples that are looked at together: one millisecond, which is about one wave of the tone. */
const window = 48;

/** What the sound of a file is like, from the first sample to the last. */
export interface Heard {
  seconds: number;
  /** Longest stretch with less than a tenth of the usual loudness, in milliseconds. */
  quietMs: number;
  /** Largest jump of the tone's phase from one millisecond to the next, in degrees; a cut shows as one. */
  jump: number;
}

/** @param skip seconds at the beginning and the end that are not judged: encoders swing in and out */
export async function hear(file: string, skip = 0.1): Promise<Heard> {
  const samples = await decoded(file);
  const from = Math.round(skip * rate);
  const phases: number[] = [];
  let quiet = 0;
  let quietMs = 0;
  for (let at = from; at + window <= samples.length - from; at += window) {
    const { loudness, phase } = measure(samples, at);
    phases.push(phase);
    quiet = loudness < 0.1 ? quiet + 1 : 0;
    quietMs = Math.max(quietMs, quiet);
  }
  const jumps = phases.slice(1).map((phase, at) => Math.abs(wrapped(phase - (phases[at] ?? 0))));
  // Too many for the arguments of one call.
  const jump = jumps.reduce((most, one) => Math.max(most, one), 0);
  return { seconds: samples.length / rate, quietMs, jump };
}

/** Loudness and phase of the tone in a window, against one that runs on from the first sample. */
function measure(samples: Int16Array, from: number): { loudness: number; phase: number } {
  let [real, imaginary] = [0, 0];
  for (let at = from; at < from + window; at++) {
    const angle = (2 * Math.PI * tone * at) / rate;
    const value = (samples[at] ?? 0) / 32768;
    real += value * Math.cos(angle);
    imaginary += value * Math.sin(angle);
  }
  // The drawn tone has an eighth of the full height.
  return {
    loudness: (16 * Math.hypot(real, imaginary)) / window,
    phase: (Math.atan2(real, imaginary) * 180) / Math.PI,
  };
}

function wrapped(degrees: number): number {
  return ((((degrees + 180) % 360) + 360) % 360) - 180;
}

async function decoded(file: string): Promise<Int16Array> {
  const args = ['-nostdin', '-v', 'error', '-i', file, '-vn', '-ac', '1', '-ar', `${rate}`, '-f', 's16le', '-'];
  const { stdout } = await promisify(execFile)(tools.ffmpeg, args, { encoding: 'buffer', maxBuffer: 2 ** 31 });
  return new Int16Array(stdout.buffer, stdout.byteOffset, stdout.length >> 1);
}

/** Time stamps of the pictures, in seconds, in showing order. */
export async function pictureTimes(file: string): Promise<number[]> {
  const entries = ['-select_streams', 'v:0', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0'];
  const { stdout } = await promisify(execFile)(tools.ffprobe, ['-v', 'error', ...entries, file], {
    maxBuffer: 2 ** 28,
  });
  return stdout
    .split('\n')
    .map(Number.parseFloat)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
}
