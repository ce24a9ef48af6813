import type { Fleet, QueueName } from './fleet.ts';
import type { Random } from './random.ts';
import type { ServiceProcess } from './service-process.ts';
import type { Stream } from './stream.ts';

/** What a fault works on. */
export interface Run {
  fleet: Fleet;
  stream: Stream;
  /** Decisions about faults. */
  chosen: Random;
  /** Starts a killed process again, beside whatever comes next. */
  revive: (process: ServiceProcess) => void;
  /** Resolves when all that were killed are back. */
  revived: () => Promise<void>;
  /** One at a time of those that need somebody else to go on: another web, another worker. */
  inTurn: <T>(of: 'web' | 'frozen worker', fault: () => Promise<T>) => Promise<T>;
}

/** What a fault hit, and when. */
export interface Struck {
  at: Date;
  /** The attempt that was lost: whoever gets the step next has a higher one. */
  lost?: { step: string; attempt: number };
  /** How long it took until the service went on, where the fault has seen that itself, ms. */
  again?: Promise<number>;
}

/** One kind of fault. It waits for a durable sign of progress and then strikes; it never goes by time alone. */
export interface Fault {
  name: string;
  weight: number;
  /** Whether it ends a process for good; one that is only stopped for a while is no kill. */
  kills: boolean;
  /** Whether no other fault may be on its way meanwhile. */
  alone?: boolean;
  /** The queue that it needs. */
  queue?: QueueName;
  strike(run: Run): Promise<Struck>;
}

/** The process that was to be struck is gone already: wait for the next. */
export class Missed extends Error {}

/** The worker of a process id. @throws Missed when it is no more */
export function workerAt({ fleet }: Run, pid: number): ServiceProcess {
  const found = fleet.workers.find((worker) => worker.pid === pid && worker.ready);
  if (!found) throw new Missed(`No worker has the process id ${pid} any more.`);
  return found;
}

/** Kills the worker that has this process id and lets it be started again. */
export async function killWorker(run: Run, pid: number): Promise<Date> {
  const victim = workerAt(run, pid);
  await victim.kill();
  run.revive(victim);
  return new Date();
}
