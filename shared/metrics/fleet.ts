import type { Db } from '../db/connect.ts';
import { stepKinds, type StepKind } from '../task/states.ts';
import type { Sample } from './figures.ts';

/** A database that takes longer has other worries. */
const READ_WITHIN_MS = 10_000;

interface Waiting {
  kind: StepKind;
  waiting: number;
  oldest_seconds: number | null;
  source_seconds: number | null;
}

/**
 * What waits for the fleet as a whole, read from the steps themselves: a gauge that every process added to would be
 * wrong after the first crash.
 *
 * @param connection of the pool, to read on; any when not given
 */
export async function readFleet(db: Db, connection?: unknown): Promise<Sample[]> {
  const query = db.raw<{ rows: Waiting[] }>(WAITING).timeout(READ_WITHIN_MS);
  if (connection) query.connection(connection);
  return fleetFigures((await query).rows);
}

/** Zeros are told too: an alert or an autoscaler takes silence for not knowing. */
function fleetFigures(kinds: Waiting[]): Sample[] {
  const oldest = Math.max(0, ...kinds.map(({ oldest_seconds }) => oldest_seconds ?? 0));
  const source = kinds.reduce((sum, { source_seconds }) => sum + (source_seconds ?? 0), 0);
  return [
    ...kinds.map(({ kind, waiting }): Sample => ({ figure: 'steps/waiting', labels: { kind }, value: waiting })),
    { figure: 'steps/oldest_waiting_seconds', labels: {}, value: oldest },
    { figure: 'steps/source_seconds_waiting', labels: {}, value: source },
  ];
}

/**
 * A step that waits for its next try is ready in the future; its age counts from then, so that a failing step does not
 * look like a fleet that is too small.
 */
const WAITING = stepKinds
  .map(
    (kind) => /* sql */ `
select '${kind}' as kind, cast(count(*) as integer) as waiting,
       cast(extract(epoch from statement_timestamp() - min(ready_at)) as float8) as oldest_seconds,
       sum(source_seconds) as source_seconds
from steps where state = 'waiting' and kind = '${kind}'`,
  )
  .join('\nunion all\n');
