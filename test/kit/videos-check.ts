import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { ClipInput } from '../../shared/task/plan.ts';
import type { Layer } from '../../worker/ffmpeg/sandbox.ts';
import { idrl, makeClips, type MadeClip } from './videos-clip.ts';
import { beepsIn, checkBeeps, checkPictures, numbers, onsets } from './videos-read.ts';

const bumperFrames = 24;

export interface Expected {
  /** Which number the source shows at a time; 30 pictures a second unless told otherwise. */
  at?: (time: number) => number;
  /** Parts to make and look at. */
  parts?: number[];
  /** Whether the clips are checked for the beeps, have other sound, or have none. */
  sound?: 'beeps' | 'other' | 'none';
  /** What FFmpeg runs under; every layer of this machine by default. */
  layers?: Layer[];
}

/** Makes clips of an odd source and looks at every picture and every beep of them. */
export async function checkClips(t: TestContext, source: string, expected: Expected = {}) {
  const { at = (time) => time * 30, parts, sound = 'beeps', layers } = expected;
  const made = await makeClips(t, source, idrl, parts, layers);
  // Some containers start with a few milliseconds of sound; the drawing's own time starts with its first picture.
  const lead = made.plan[0]?.first_picture_at ?? 0;
  for (const { file, input, clip } of made.clips) {
    const [start, end] = [input.part.start - lead, input.part.end - lead];
    checkPictures((await numbers(file)).slice(bumperFrames, -bumperFrames), start, 24, (time) => at(Math.max(0, time)));
    assert.equal(clip.has_sound, sound !== 'none');
    if (sound === 'beeps') checkBeeps(await onsets(file), beepsIn(start, end, 1));
  }
  return made;
}

/** Width and height of the first clip. */
export function size(clips: MadeClip[]): [number?, number?] {
  return [clips[0]?.clip.width, clips[0]?.clip.height];
}

/** Start and end of each part. */
export function parts(plan: ClipInput[]): [number, number][] {
  return plan.map(({ part }) => [part.start, part.end]);
}
