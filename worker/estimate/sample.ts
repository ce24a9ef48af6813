import path from 'node:path';
import type { Ingested } from '../../shared/task/finish.ts';
import type { ClipInput } from '../../shared/task/plan.ts';
import type { Profile } from '../../shared/task/profile.ts';
import { encodeClip } from '../clip/encode.ts';
import type { StepContext } from '../context.ts';
import { cpuSecondsOf } from './estimate.ts';
import { workOf } from './work.ts';

/** Length of a sample, in seconds, and how many there are. */
const SECONDS = 2;
const SAMPLES = 3;

/**
 * What this video takes against what its size and length lead to expect: a few moments of it are made by the profile,
 * and thrown away. How much moves in a picture is what nothing else tells: grain takes three times what a pattern does.
 *
 * @returns null where nothing could be sampled: what is wrong with the video is for its run to find
 * @throws the signal's reason when aborted
 */
export async function sampleFactor(
  { sourceKey, clips, media }: Ingested,
  given: Profile,
  { sources, folder, signal, threads, tools, log }: StepContext,
): Promise<number | null> {
  // A part by itself, whatever becomes of it later; what is still costs next to nothing.
  const profile: Profile = { ...given, join: null, bumper: null };
  let [spent, expected] = [0, 0];
  const counting = { ...tools, onSpent: (seconds: number) => ((spent += seconds), tools.onSpent?.(seconds)) };
  const source = await sources.use(sourceKey, signal);
  try {
    for (const [index, input] of samplesOf(clips, media.video.fps).entries()) {
      const to = path.join(folder, `sample-${index}.mp4`);
      const request = { source: source.path, input, media, profile, to, tools: counting, signal };
      await encodeClip({ ...request, threads: await threads(), onProgress: () => {} });
      expected += cpuSecondsOf(workOf(input, media, profile));
    }
    return spent > 0 ? spent / expected : null;
  } catch (error) {
    signal.throwIfAborted();
    log.info({ err: error }, 'could not make a sample; estimating without');
    return null;
  } finally {
    source.release();
  }
}

/** Moments from all over the video. Pure. */
export function samplesOf(clips: ClipInput[], fps: number): ClipInput[] {
  const length = clips.reduce((sum, { part }) => sum + part.end - part.start, 0);
  const count = Math.max(1, Math.min(SAMPLES, Math.floor(length / (2 * SECONDS))));
  return Array.from({ length: count }, (_, index) => {
    const at = ((index + 0.5) * length) / count;
    return momentOf(clips, at, fps);
  });
}

/** @param at seconds into what is made */
function momentOf(clips: ClipInput[], at: number, fps: number): ClipInput {
  const origin = clips[0]?.part.start ?? 0;
  const inside = clips.find(({ part }) => part.end - origin > at) ?? clips.at(-1);
  if (!inside) throw new Error('A video without a part.');
  const { part } = inside;
  const start = Math.max(part.start, Math.min(origin + at, part.end - SECONDS));
  const end = Math.min(start + SECONDS, part.end);
  return {
    seek_to: inside.seek_to,
    part: { number: part.number, start, end },
    pictures: Math.round((end - start) * fps),
    first_picture_at: Math.max(inside.first_picture_at, start - 1 / fps),
    last_picture_at: end - 1 / fps,
  };
}
