import path from 'node:path';
import type { Made } from './case.ts';
import { begins, watch, type Watched } from './measure.ts';
import type { Shown } from './truth.ts';

/** What a source shows and lets hear: as it was drawn, or read by decoding it. */
export interface Truth {
  pictures: Shown[];
  seconds: number;
  beeps: number[] | 'any' | null;
  /** How much later than the clock the first picture begins, less than a picture: times above are from that on. */
  lead: number;
}

export async function readTruth(expect: Made, source: string): Promise<Truth> {
  const { pictures, seconds, beeps, fps } = expect;
  const isRead = pictures === 'read' || seconds === 'read' || beeps === 'read';
  const seen = isRead ? await watch(source) : nothing;
  const first = seen.times[0] ?? 0;
  const read = seen.numbers.map((number, place): Shown => [number, (seen.times[place] ?? NaN) - first]);
  const end = (read.at(-1)?.[1] ?? 0) + 1 / (typeof fps === 'number' ? fps : fps[0]);
  const soundEnd = (seen.sound?.seconds ?? 0) - first;
  return {
    pictures: pictures === 'read' ? read : (pictures ?? []),
    seconds: seconds === 'read' ? (soundEnd > end + padding ? soundEnd : end) : seconds,
    beeps: beeps === 'read' ? (seen.sound?.beeps ?? []).map((time) => time - first) : beeps,
    lead: beeps === null && !expect.silent ? 0 : await leadOf(source),
  };
}

const nothing: Watched = { numbers: [], times: [], sound: null };

/** Sound up to so much beyond the pictures, in seconds, is what encoders add, and not held for. */
const padding = 0.1;

/** Containers that tell how much of their sound an encoder has put before the first. */
const trimmed = ['.mp4', '.mov', '.m4a', '.webm', '.ogg'];

/** Delay of an encoder, in seconds; what begins later than that was drawn so. */
const delay = 0.06;

/** Sound that an encoder begins earlier, for its own needs, makes the pictures later by the file's clock. */
async function leadOf(source: string): Promise<number> {
  if (trimmed.includes(path.extname(source))) return 0;
  const { pictures, sound } = await begins(source);
  const lead = pictures - sound;
  return lead > 0 && lead < delay ? lead : 0;
}
