/** What lasts for a while and can be told what to do when it ends: a test, or a whole program. */
export interface Cleanup {
  after(step: () => Promise<unknown> | void): void;
}

const stacks = new WeakMap<Cleanup, (() => Promise<unknown> | void)[]>();

/**
 * Undoes something when the test ends, last done first: what was opened on top of something else is closed before it.
 * (`t.after` alone runs in the order in which it was called.)
 */
export function undo(t: Cleanup, step: () => Promise<unknown> | void): void {
  const known = stacks.get(t);
  if (known) {
    known.push(step);
    return;
  }
  const stack = [step];
  stacks.set(t, stack);
  t.after(() => runAll(stack));
}

/** For a program that uses what tests use: `end` undoes all of it, last done first. */
export function openCleanup(): Cleanup & { end(): Promise<void> } {
  const stack: (() => Promise<unknown> | void)[] = [];
  return { after: (step) => void stack.push(step), end: () => runAll(stack) };
}

async function runAll(stack: (() => Promise<unknown> | void)[]): Promise<void> {
  const errors: unknown[] = [];
  for (let next = stack.pop(); next; next = stack.pop()) {
    try {
      await next();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, 'not all could be undone');
}
