import type { Made } from './case.ts';
import { begins, watch, type Watched } from './measure.ts';
import type { Shown } from './truth.ts';

/** What a source shows and lets hear: as it was drawn, or read by decoding it. */
export interface Truth {
  pictures: Shown[];
  seconds: number;
  beeps: number[] | null;
  /** How much later than the clock the first picture begins, less than a picture: times above are from that on. */
  lead: number;
}

export async function readTruth(expect: Made, source: string): Promise<Truth> {
  const { pictures, seconds, beeps, apart, fps } = expect;
  const isRead = pictures === 'read' || seconds === 'read' || beeps === 'read';
  const seen = isRead ? await watch(source) : nothing;
  const first = seen.times[0] ?? 0;
  const read = seen.numbers.map((number, place): Shown => [number, (seen.times[place] ?? NaN) - first]);
  const end = (read.at(-1)?.[1] ?? 0) + 1 / fps;
  const soundEnd = (seen.sound?.seconds ?? 0) - first;
  return {
    pictures: pictures === 'read' ? read : (pictures ?? []),
    seconds: seconds === 'read' ? (soundEnd > end + padding ? soundEnd : end) : seconds,
    beeps: beeps === 'read' ? (seen.sound?.beeps ?? []).map((time) => time - first) : beeps,
    lead: apart ? await leadOf(source) : 0,
  };
}

const nothing: Watched = { numbers: [], times: [], sound: null };

/** Sound up to so much beyond the pictures, in seconds, is what encoders add, and not held for. */
const padding = 0.1;

async function leadOf(source: string): Promise<number> {
  const { pictures, sound } = await begins(source);
  return Number.isFinite(sound) ? Math.max(0, pictures - sound) : 0;
}
