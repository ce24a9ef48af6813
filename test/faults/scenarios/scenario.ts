import assert from 'node:assert/strict';
import { rows, type Db } from '../../../shared/db/connect.ts';
import type { Cleanup } from '../../kit/undo.ts';
import { until } from '../../kit/until.ts';
import type { Run } from '../fault.ts';
import type { QueueName } from '../fleet.ts';
import { endRun } from '../run.ts';

/** One entry of the fault list. */
export interface Scenario {
  name: string;
  /** What has to hold, as the table says it. */
  asserts: string;
  /** The queue it has to be on; either when not given. */
  queue?: QueueName;
  /**
   * @returns its figure, in words
   * @throws AssertionError when what it asserts does not hold
   */
  run: (t: Cleanup, queue: QueueName, say: (line: string) => void) => Promise<string>;
}

/** Ends the run; nothing may be lost, done twice, wrong or left behind. */
export async function assertClean(run: Run): Promise<void> {
  const { violations } = await endRun(run);
  assert.deepEqual(
    violations.map(({ kind, what }) => `${kind}: ${what}`),
    [],
  );
}

export interface TaskState {
  status: string;
  code: string | null;
  seconds: number;
}

/** Waits until a task has ended; one that was removed is `removed`. */
export async function ended({ fleet: { db } }: Run, task: string, timeout = 120_000): Promise<TaskState> {
  const find = async () => {
    const [found] = await rows<TaskState>(
      db,
      `select status, error ->> 'code' as code,
              cast(extract(epoch from finished_at - created_at) as double precision) as seconds
       from tasks where id = :task and finished_at is not null`,
      { task },
    );
    return found ?? ((await isThere(db, task)) ? undefined : { status: 'removed', code: null, seconds: 0 });
  };
  return until(find, { what: `task ${task} has ended`, timeout, every: 50 });
}

async function isThere(db: Db, task: string): Promise<boolean> {
  return (await rows(db, `select from tasks where id = :task`, { task })).length > 0;
}

/** `12.3 s` */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** The settings that a service has when nobody sets any, in place of a run's short ones. */
export const USUAL = { LEASE_SECONDS: '20', STEP_TRIES: '3' };
