import type { Claim, Queue } from '../../shared/queue/queue.ts';

/** Longer than any test: only bells are heard. */
export const NEVER = 3_600_000;

/**
 * Steps without a database: what is ready, runs and is done. With `held` they run until they are released; with `leaving`
 * they leave their slot first, if they may.
 */
export function readySteps(ready: number, held = false, leaving = false) {
  let release: () => void = () => {};
  const released = held ? new Promise<void>((resolve) => (release = resolve)) : Promise.resolve();
  const steps = {
    ready,
    running: 0,
    done: 0,
    most: 0,
    add: (count: number) => (steps.ready += count),
    release: () => release(),
    claim: (() => {
      if (steps.ready === 0) return Promise.resolve(null);
      steps.ready--;
      return Promise.resolve(async (slot) => {
        steps.running++;
        if (leaving) slot.leave();
        steps.most = Math.max(steps.most, steps.running);
        await released;
        steps.running--;
        steps.done++;
      });
    }) as Claim,
  };
  return steps;
}

export type Steps = ReturnType<typeof readySteps>;

/** Makes steps ready and says so. */
export async function announced(open: (pollMs: number) => Queue, steps: Steps, count: number): Promise<void> {
  steps.add(count);
  await open(NEVER).announce(count);
}
