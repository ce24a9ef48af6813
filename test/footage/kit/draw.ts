import { altered, made } from '../../kit/videos.ts';

/**
 * Sources of known content, drawn by FFmpeg: each picture shows its number as bars, as those of `test/kit/videos.ts`
 * do, and beeps come often enough that a second of sound has two. Small, for there are many of them.
 */

/** The beeps: at 0.25 s, 0.75 s and so on, of a few waves of 1 kHz. */
export const beep = { first: 0.25, every: 0.5, seconds: 0.06 };

export interface Bars {
  seconds?: number;
  fps?: number | string;
  width?: number;
  height?: number;
  /** Number of the first picture. */
  from?: number;
  /** Pictures that show the same number: 2 where each is a field. */
  each?: number;
  /** Filters after the bars. */
  then?: string;
}

/** Input: pictures that show their numbers. 160×90 and 25 a second for 2 s unless told otherwise. */
export function bars(given: Bars = {}): string[] {
  const { seconds = 2, fps = 25, width = 160, height = 90, from = 0, each = 1, then } = given;
  const number = `floor(N/${each})+${from}`;
  const drawn = `color=black:s=16x9:r=${fps}:d=${seconds},geq=lum='if(mod(floor((${number})/pow(2,X)),2),235,16)':cb=128:cr=128`;
  const large = `scale=${width}:${height}:flags=neighbor,setsar=1`;
  return ['-f', 'lavfi', '-i', [drawn, large, ...(then ? [then] : [])].join(',')];
}

export interface Beeps {
  seconds?: number;
  rate?: number;
  /** Time of the first sample: beeps are where the whole's would be. */
  from?: number;
  /** The same on each, or only on those that are named, from 0. */
  channels?: number;
  only?: number[];
  hertz?: number;
}

/** Input: beeps. Mono, 48 kHz and 2 s unless told otherwise. */
export function beeps(given: Beeps = {}): string[] {
  const { seconds = 2, rate = 48_000, from = 0, channels = 1, only, hertz = 1000 } = given;
  const time = `(t+${from})`;
  const sounds = `gte(${time},${beep.first})*lt(mod(${time}-${beep.first},${beep.every}),${beep.seconds})`;
  const one = `0.5*sin(2*PI*${hertz}*${time})*${sounds}`;
  const all = Array.from({ length: channels }, (_, channel) => (only && !only.includes(channel) ? '0' : one));
  const layout = layouts[channels];
  // One without a name for its layout comes out of one channel, so as not to compute each.
  const many = `aevalsrc='${one}':s=${rate}:d=${seconds}`;
  if (!layout) return ['-f', 'lavfi', '-i', many];
  return ['-f', 'lavfi', '-i', `aevalsrc='${all.join('|')}':s=${rate}:d=${seconds}:c=${layout}`];
}

const layouts: Record<number, string> = { 1: 'mono', 2: 'stereo', 6: '5.1', 8: '7.1' };

/** Input: sound without a sound. */
export function silence(seconds = 2): string[] {
  return ['-f', 'lavfi', '-i', `anullsrc=r=48000:cl=mono:d=${seconds}`];
}

/** An encoder that is quick and everywhere. A key picture every second and pictures that are reordered. */
export const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-bf', '2', '-g', '25'];
export const mpeg2 = ['-c:v', 'mpeg2video', '-q:v', '3', '-bf', '2', '-g', '12', '-pix_fmt', 'yuv420p'];

/** As FFmpeg shall neither leave pictures out nor repeat any. */
const asDrawn = ['-fps_mode', 'passthrough'];

/** Pictures with numbers and beeps, of the same length, by x264 and AAC unless options say otherwise. */
export function film(extension: string, drawing: Bars & { sound?: Beeps | null } = {}, options: string[] = []) {
  const { sound = {}, ...pictures } = drawing;
  const heard = sound === null ? [] : beeps({ seconds: pictures.seconds ?? 2, ...sound });
  return made(extension, [...bars(pictures), ...heard, ...asDrawn, ...x264, ...(sound ? aac : []), ...options]);
}

export const aac = ['-c:a', 'aac'];

/** When a drawing of a length beeps. @param from time of its first sample in the whole */
export function beepTimes(seconds: number, from = 0): number[] {
  const times: number[] = [];
  // One of which only the beginning is there is not counted on.
  for (let at = beep.first; at < from + seconds - 0.02; at += beep.every) if (at >= from) times.push(at - from);
  return times;
}

/** A file of a text. */
export async function written(extension: string, text: string): Promise<string> {
  const any = await made(extension, ['-f', 'lavfi', '-i', 'anullsrc=d=0.1', '-f', 's16le']);
  return altered(text, [any], () => Buffer.from(text));
}
