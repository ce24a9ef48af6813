import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { beeps } from '../kit/videos.ts';
import { numbers } from '../kit/videos-read.ts';
import { hear, pictureTimes, type Heard } from './read.ts';

/** What a joined video is like, beside the source that it was made of. */
export interface Judged extends Heard {
  pictures: number;
  /** Pictures that do not show what the source shows at their time. */
  wrong: number;
  /** How far the time stamps are from equal distances, at most, in seconds. */
  offGrid: number;
  beginsAt: number;
}

/**
 * Compares the pictures of a joined video with its source's, by the numbers in them.
 * @param fps pictures a second of the whole
 * @param bumper pictures of it before and after the source's, which are not compared
 */
export async function judge(
  source: string,
  joined: { pictures: string; sound: string },
  fps: number,
  bumper = { before: 0, after: 0 },
): Promise<Judged> {
  const [shown, times, drawn, drawnAt] = await Promise.all([
    numbers(joined.pictures),
    pictureTimes(joined.pictures),
    numbers(source),
    pictureTimes(source),
  ]);
  // A picture of the source is held until the next one's place on the grid.
  const places = drawnAt.map((time) => Math.floor((time - (drawnAt[0] ?? 0)) * fps + 0.5001));
  let at = 0;
  const body = shown.slice(bumper.before, shown.length - bumper.after);
  const right = body.map((_, place) => {
    while ((places[at + 1] ?? Infinity) <= place) at++;
    return drawn[at];
  });
  return {
    pictures: shown.length,
    wrong: body.filter((number, place) => number !== right[place]).length,
    offGrid: times.reduce((most, time, place) => Math.max(most, Math.abs(time - place / fps)), 0),
    beginsAt: times[0] ?? NaN,
    ...(await hear(joined.sound, Math.max(bumper.before, bumper.after) / fps + 0.1)),
  };
}

/** @param heard when the beeps of a drawn video of 9 s begin; its pictures were compared before */
export function checkTogether(t: TestContext, heard: number[]): void {
  const apart = [beeps.first, beeps.first + beeps.every].map((time, index) => Math.abs(time - (heard[index] ?? NaN)));
  t.diagnostic(`${apart.map((seconds) => (1000 * seconds).toFixed(1)).join(' and ')} ms apart`);
  assert.equal(heard.length, 2);
  assert.ok(Math.max(...apart) < 0.01, `${Math.max(...apart)} s apart`);
}
