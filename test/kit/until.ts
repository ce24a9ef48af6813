import { setTimeout as pause } from 'node:timers/promises';

type Maybe<T> = T | undefined | null | false;

export interface Waiting {
  /** What is waited for, as the error says it: `the clip is published`. */
  what: string;
  /** Longest wait, ms. */
  timeout?: number;
  /** Between two looks, ms. */
  every?: number;
}

/**
 * Waits until the condition gives something, and gives that. A condition that throws is not fulfilled yet; the error
 * at the limit shows what it threw last.
 */
export async function until<T>(
  condition: () => Maybe<T> | Promise<Maybe<T>>,
  { what, timeout = 10_000, every = 20 }: Waiting,
): Promise<T> {
  const end = performance.now() + timeout;
  let last: unknown;
  do {
    try {
      const found = await condition();
      if (found !== undefined && found !== null && found !== false) return found;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await pause(every);
  } while (performance.now() < end);
  throw new Error(`Waited ${timeout} ms in vain until ${what}.`, { cause: last });
}
