import type { Work } from './work.ts';

/**
 * CPU seconds for one of each kind of work, on the machine of the bench: `npm run bench -- estimate` measures them anew.
 * What a video and a machine take beside that is seen by a sample; see `sample.ts`.
 */
export const COSTS: Work = { read: 0.0016, bytes: 0.02, made: 0.0072, still: 0.007, sound: 0.013 };

/** What FFmpeg takes to start and end, whatever there is to do, in CPU seconds. */
export const FIXED = 0.03;

/** CPU seconds of one part's work. Pure. */
export function cpuSecondsOf(work: Work): number {
  return (Object.keys(COSTS) as (keyof Work)[]).reduce((sum, kind) => sum + COSTS[kind] * work[kind], FIXED);
}
