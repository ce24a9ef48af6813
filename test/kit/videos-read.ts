import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beeps, tools } from './videos.ts';

/** Decodes with FFmpeg and hands over the raw bytes. */
async function decoded(file: string, args: string[]): Promise<Buffer> {
  const { stdout } = await promisify(execFile)(tools.ffmpeg, ['-nostdin', '-v', 'error', '-i', file, ...args, '-'], {
    encoding: 'buffer',
    maxBuffer: 2 ** 30,
    timeout: 600_000,
  });
  return stdout;
}

/** One picture of a file as gray bytes, at its own size. @param frame from 0 */
export async function picture(file: string, frame: number, filters = 'null'): Promise<Buffer> {
  return decoded(file, ['-vf', `select='eq(n,${frame})',${filters},format=gray`, '-frames:v', '1', '-f', 'rawvideo']);
}

/** One picture as a single color, red, green and blue. @param filters what of it to look at */
export async function color(file: string, frame: number, filters = 'null'): Promise<[number, number, number]> {
  const one = `select='eq(n,${frame})',${filters},scale=1:1:flags=area,format=rgb24`;
  const [red = -1, green = -1, blue = -1] = await decoded(file, ['-vf', one, '-frames:v', '1', '-f', 'rawvideo']);
  return [red, green, blue];
}

/** The numbers that the pictures of a drawn video show, in order. */
export async function numbers(file: string): Promise<number[]> {
  const gray = 'scale=16:9:flags=area,format=gray';
  // Those that are there: FFmpeg would repeat some for a format without time stamps.
  const bytes = await decoded(file, ['-vf', gray, '-fps_mode', 'passthrough', '-f', 'rawvideo']);
  const size = 16 * 9;
  const middle = 16 * 4;
  return Array.from({ length: bytes.length / size }, (_, frame) => {
    const bars = bytes.subarray(frame * size + middle, frame * size + middle + 16);
    return bars.reduce((number, bar, bit) => number + (bar > 125 ? 2 ** bit : 0), 0);
  });
}

/**
 * Says when a body does not show the right pictures at the right times. Each of its pictures may be the one that the
 * source shows half a picture of the clip earlier or later: that is how rates are matched.
 * @param shown number of each picture of the body
 * @param at which number the source shows at a time of its own, in seconds
 */
export function checkPictures(shown: number[], start: number, fps: number, at: (time: number) => number): void {
  const near = 0.5 / fps + 0.002;
  for (const [frame, number] of shown.entries()) {
    const time = start + frame / fps;
    const least = Math.floor(at(Math.max(0, time - near)));
    const most = Math.ceil(at(time + near));
    const message = `picture ${frame} of the body, at ${time} s, shows ${number} instead of ${least} to ${most}`;
    assert.ok(number >= least && number <= most, message);
  }
}

/** When the beeps of a file begin, in seconds. */
export async function onsets(file: string): Promise<number[]> {
  const rate = 8000;
  const bytes = await decoded(file, ['-vn', '-ac', '1', '-ar', `${rate}`, '-f', 's16le']);
  const found: number[] = [];
  for (let at = 0; at < bytes.length / 2; at++) {
    if (Math.abs(bytes.readInt16LE(at * 2)) < 3000) continue;
    found.push(at / rate);
    at += rate * beeps.seconds * 3;
  }
  return found;
}

/** When the beeps of a part are to be heard in its clip. */
export function beepsIn(start: number, end: number, bumper: number): number[] {
  const times: number[] = [];
  for (let time = beeps.first; time < end; time += beeps.every) if (time >= start) times.push(time - start + bumper);
  return times;
}

/** Says when sound is out of step by more than 25 ms. */
export function checkBeeps(heard: number[], right: number[]): void {
  const message = `heard at ${heard.join(' ')} instead of ${right.join(' ')}`;
  assert.equal(heard.length, right.length, message);
  for (const [index, time] of heard.entries()) assert.ok(Math.abs(time - (right[index] ?? NaN)) <= 0.025, message);
}
