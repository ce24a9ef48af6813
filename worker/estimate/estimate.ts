import type { Work } from './work.ts';

/**
 * CPU seconds for one of each kind of work, on the machine of the bench: `npm run bench -- estimate` measures them anew.
 * Other machines are faster or slower by a factor that the fleet measures itself; see `fleet-factor.ts`.
 */
export const COSTS: Work = { read: 0.004, bytes: 0.03, filtered: 0.002, made: 0.01, still: 0.004, sound: 0.01 };

/** What FFmpeg takes to start and end, whatever there is to do, in CPU seconds. */
export const FIXED = 0.1;

/** CPU seconds of one part's work. Pure. */
export function cpuSecondsOf(work: Work): number {
  return (Object.keys(COSTS) as (keyof Work)[]).reduce((sum, kind) => sum + COSTS[kind] * work[kind], FIXED);
}
