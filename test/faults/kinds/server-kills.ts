import { rows } from '../../../shared/db/connect.ts';
import { until } from '../../kit/until.ts';
import type { Fault, Run } from '../fault.ts';
import { leaseUnderWay } from '../leases.ts';
import { PATIENCE_MS } from '../patience.ts';

/** What web and worker stand on is taken away. */
export const serverKills: Fault[] = [
  { name: 'database stopped at once and started again', weight: 1, kills: true, alone: true, strike: crashDatabase },
  { name: 'broker killed and started again, empty', weight: 1, kills: true, queue: 'pubsub', strike: emptyBroker },
];

async function crashDatabase(run: Run) {
  const { fleet } = run;
  await until(() => leaseUnderWay(fleet, 'clip', 0), { what: 'a clip is being made', timeout: PATIENCE_MS });
  const at = new Date();
  await fleet.postgres.crash();
  await fleet.postgres.start();
  return { at, again: nextClaim(run, at) };
}

async function emptyBroker(run: Run) {
  const { fleet } = run;
  await until(() => leaseUnderWay(fleet, 'clip', 0), { what: 'a clip is being made', timeout: PATIENCE_MS });
  const at = new Date();
  await fleet.broker?.restartEmpty();
  return { at, again: nextClaim(run, new Date()) };
}

/** Until any step is claimed. */
async function nextClaim({ fleet: { db } }: Run, since: Date): Promise<number> {
  const find = async () =>
    (
      await rows<{ at: Date }>(db, `select at from faults.history where became = 'leased' and at > :since limit 1`, {
        since,
      })
    )[0];
  const { at } = await until(find, { what: 'a step is claimed again', timeout: PATIENCE_MS });
  return at.getTime() - since.getTime();
}
