import { rows, type Db } from '../../shared/db/connect.ts';
import type { Media } from '../../shared/task/media.ts';
import type { ClipInput } from '../../shared/task/plan.ts';
import type { Profile } from '../../shared/task/profile.ts';
import { cpuSecondsOf } from './estimate.ts';
import { workOf } from './work.ts';

interface Spent {
  input: ClipInput;
  media: Media;
  profile: Profile;
  cpu_seconds: number;
}

/** Parts that are looked at; with less than a few of them the bench is the better judge. */
const MOST = 50;
const LEAST = 5;

/**
 * What the fleet's machines take against the bench's: the median of what the last parts took over what was to be
 * expected. Parts that were tried more than once say more of what went wrong than of the machines.
 */
export async function fleetFactor(db: Db): Promise<number> {
  const spent = await rows<Spent>(
    db,
    `select steps.input, tasks.media, tasks.profile, steps.cpu_seconds
     from (
       select * from steps
       where kind = 'clip' and state = 'done' and cpu_seconds > 0 and tries = 1
       order by id desc limit :most
     ) as steps join tasks on tasks.id = steps.task_id`,
    { most: MOST },
  );
  return medianRatio(spent);
}

/** Pure. */
export function medianRatio(spent: Spent[]): number {
  const ratios = spent
    .map(({ input, media, profile, cpu_seconds: cpu }) => cpu / cpuSecondsOf(workOf(input, media, profile)))
    .sort((a, b) => a - b);
  return ratios.length < LEAST ? 1 : (ratios[Math.floor(ratios.length / 2)] ?? 1);
}
