import { rows } from '../../shared/db/connect.ts';
import { until } from '../kit/until.ts';
import type { Struck } from './fault.ts';
import type { Fleet } from './fleet.ts';
import type { Strikes } from './strike.ts';

/** Times until the service went on, ms, by fault; null where nothing had to be done again. */
export type Again = Map<string, (number | null)[]>;

/** Reads from the history when what each fault took away was begun again. */
export async function measure({ db }: Fleet, struck: Strikes['struck']): Promise<Again> {
  const again: Again = new Map();
  for (const { name, hit } of struck) {
    const known = again.get(name) ?? [];
    again.set(name, [...known, await timeOf(hit)]);
  }
  return again;

  async function timeOf({ at, lost, again: seen }: Struck): Promise<number | null> {
    if (seen) return seen.catch(() => null);
    if (!lost) return null;
    const next = async () =>
      (
        await rows<{ at: Date; became: string }>(
          db,
          `select at, became from faults.history
           where step = :step and (attempt > :attempt and became = 'leased' or became = 'cancelled') order by id limit 1`,
          { step: lost.step, attempt: lost.attempt },
        )
      )[0];
    const found = await until(next, { what: 'the lost step is taken again', timeout: 60_000 }).catch(() => undefined);
    return found?.became === 'leased' ? found.at.getTime() - at.getTime() : null;
  }
}
