import type { TestContext } from 'node:test';

const stacks = new WeakMap<TestContext, (() => Promise<unknown> | void)[]>();

/**
 * Undoes something when the test ends, last done first: what was opened on top of something else is closed before it.
 * (`t.after` alone runs in the order in which it was called.)
 */
export function undo(t: TestContext, step: () => Promise<unknown> | void): void {
  const known = stacks.get(t);
  if (known) {
    known.push(step);
    return;
  }
  const stack = [step];
  stacks.set(t, stack);
  t.after(async () => {
    const errors: unknown[] = [];
    for (let next = stack.pop(); next; next = stack.pop()) {
      await Promise.resolve(next()).catch((error: unknown) => errors.push(error));
    }
    if (errors.length > 0) throw new AggregateError(errors, 'not all could be undone');
  });
}
