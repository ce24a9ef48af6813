/**
 * The protocol of tasks, steps and leases as a small machine: one task, its steps, two workers of one slot each, the
 * bells, web and the sweep. `moves.ts` says what may happen next, `explore.ts` looks at everything that can.
 */

export type TaskStatus = 'none' | 'pending' | 'running' | 'succeeded' | 'failed' | 'cancelled';

export interface Step {
  kind: 'ingest' | 'clip' | 'sound' | 'finish';
  state: 'absent' | 'waiting' | 'leased' | 'done' | 'failed' | 'cancelled';
  attempt: number;
  tries: number;
  /** Who holds the lease; -1 for nobody. */
  worker: number;
  /** The lease ran out and no sweep has seen it yet. */
  expired: boolean;
  /** Nobody was told of it, and that is written down. */
  unheard: boolean;
  /** Attempt whose file the row names; 0 for none. */
  published: number;
  /** Attempts whose files lie in storage. Where names do not tell attempts apart, the one that wrote last. */
  stored: number[];
}

export interface Worker {
  at: 'off' | 'idle' | 'chosen' | 'working' | 'stored' | 'counted' | 'unanswered';
  step: number;
  attempt: number;
  /** Parts that it read to be left; only where counting is not one statement. */
  read: number;
}

/** What may still go wrong, or be wished, so many times. */
export interface Budget {
  kills: number;
  expiries: number;
  lostBells: number;
  repeatedBells: number;
  failures: number;
  stops: number;
  scaleIns: number;
  lostAnswers: number;
  deletes: number;
}

export interface Model {
  task: TaskStatus;
  partsLeft: number;
  /** Ingest, the clips, the sound if it is one of the parts, finish. */
  steps: Step[];
  workers: Worker[];
  bells: number;
  /** Web has written the task down and not rung yet. */
  ringing: boolean;
  /** A lease that the sweep found run out once too often, and is about to fail. */
  sweeping: { step: number; attempt: number } | null;
  /** What a DELETE that began has seen; only where it is one statement. */
  deleting: number[] | null;
  released: number;
  left: Budget;
  /** The first promise that was broken. */
  broken: string | null;
}

/** Most tries that count. */
export const TRIES = 2;

const nobody: Worker = { at: 'idle', step: 0, attempt: 0, read: 0 };

/** What counts as a part: the last of them to be done makes the finish step. */
export function isPart({ kind }: Step): boolean {
  return kind === 'clip' || kind === 'sound';
}

/**
 * @param planned begins where the source is there and its parts wait, which leaves more room for what follows
 * @param sound whether the last of the parts is the sound of the whole
 */
export function firstState(parts: number, budget: Budget, planned: boolean, sound = false): Model {
  const step = (kind: Step['kind']): Step => ({
    ...{ kind, state: 'absent', attempt: 0, tries: 0, worker: -1 },
    ...{ expired: false, unheard: false, published: 0, stored: [] },
  });
  const part = (index: number): Step => ({
    ...step(sound && index === parts - 1 ? 'sound' : 'clip'),
    ...(planned && { state: 'waiting' }),
  });
  const ingest = { ...step('ingest'), ...(planned && { state: 'done' as const }) };
  return {
    ...{ partsLeft: parts, bells: planned ? 1 : 0, ringing: false, sweeping: null, deleting: null, released: 0 },
    task: planned ? 'running' : 'none',
    steps: [ingest, ...Array.from({ length: parts }, (_, index) => part(index)), step('finish')],
    workers: [{ ...nobody }, { ...nobody }],
    left: { ...budget },
    broken: null,
  };
}

export function isFinal(task: TaskStatus): boolean {
  return task === 'succeeded' || task === 'failed' || task === 'cancelled';
}

export function copyOf(model: Model): Model {
  return {
    ...model,
    steps: model.steps.map((step) => ({ ...step, stored: [...step.stored] })),
    workers: model.workers.map((worker) => ({ ...worker })),
    left: { ...model.left },
  };
}

/** Whether the lease that a worker believes to hold is the step's. */
export function holds(model: Model, worker: number): boolean {
  const { step, attempt } = model.workers[worker] as Worker;
  const { state, attempt: current, worker: holder } = model.steps[step] as Step;
  return state === 'leased' && current === attempt && holder === worker;
}

/**
 * The same for states that differ in nothing that matters any more: which worker is which, and the count of a step that
 * is over.
 */
export function keyOf(model: Model): string {
  const numbered = model.steps.map(({ state, attempt, tries, worker, expired, unheard, published, stored }) =>
    state === 'done'
      ? [state, published, stored.includes(published)]
      : [state, attempt, tries, worker, expired, unheard, published, ...stored],
  );
  const { task, partsLeft, bells, ringing, sweeping, deleting, released, left, broken } = model;
  const rest = [task, partsLeft, bells, ringing, sweeping, deleting, released, Object.values(left), broken];
  const workers = model.workers.map((worker, at) =>
    JSON.stringify([worker, numbered.filter(([, , , by]) => by === at)]),
  );
  return JSON.stringify([numbered.map((step) => step.toSpliced(3, 1)), workers.toSorted(), rest]);
}
