import type { Profile } from '../../shared/task/profile.ts';
import type { ProfileFigures } from '../plan/plan.ts';
import { median } from '../statistics.ts';
import type { Spent } from './spent.ts';

/** One length of source, through the service and by the script. */
export interface Compared {
  seconds: number;
  service: readonly Spent[];
  bare: readonly Spent[];
}

/**
 * What `npm run plan` goes by: a second of source costs what the script took for it, and a part what the service took
 * besides, of the longest source that was measured. Pure.
 */
export function figuresOf(profile: Profile, compared: readonly Compared[]): ProfileFigures {
  const [longest] = [...compared].sort((one, other) => other.seconds - one.seconds);
  const seconds = Math.min(longest?.seconds ?? NaN, profile.first_seconds ?? Infinity);
  const cpu = (of: 'service' | 'bare') => median((longest?.[of] ?? []).map((spent) => spent.cpu));
  const parts = Math.ceil(seconds / profile.part_seconds);
  return {
    cpuASecond: Number((cpu('bare') / seconds).toFixed(3)),
    cpuAPart: Number((Math.max(0, cpu('service') - cpu('bare')) / parts).toFixed(2)),
    partSeconds: profile.part_seconds,
    mostSeconds: profile.first_seconds,
  };
}
