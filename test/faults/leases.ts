import { rows, type Db } from '../../shared/db/connect.ts';
import type { StepKind } from '../../shared/task/states.ts';
import { until } from '../kit/until.ts';
import type { Fleet } from './fleet.ts';
import { PATIENCE_MS } from './patience.ts';

/** Who holds a step. */
export interface SeenLease {
  step: string;
  attempt: number;
  task: string;
  pid: number;
}

const LEASE = /* sql */ `
select id as step, attempt, task_id as task, cast(substring(worker from '-(\\d+)-[0-9a-f]{8}$') as integer) as pid
from steps`;

/** Waits until a step of the task is held. */
export function leaseOf(db: Db, task: string, kind: StepKind): Promise<SeenLease> {
  const find = async () =>
    (
      await rows<SeenLease>(db, `${LEASE} where task_id = :task and kind = :kind and state = 'leased'`, { task, kind })
    )[0];
  return until(find, { what: `somebody holds the ${kind} step of ${task}`, timeout: PATIENCE_MS });
}

/** A step whose progress, as its worker has written it down, has come so far; its worker lives. */
export async function leaseUnderWay(
  { db, workers }: Fleet,
  kind: StepKind,
  progress: number,
): Promise<SeenLease | undefined> {
  const found = await rows<SeenLease>(
    db,
    `${LEASE} where kind = :kind and state = 'leased' and progress between :progress and 0.9`,
    { kind, progress },
  );
  // A killed worker's lease stays for a while.
  return found.find(({ pid }) => workers.some((worker) => worker.ready && worker.pid === pid));
}
