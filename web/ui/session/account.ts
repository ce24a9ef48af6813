import { effect, signal } from '@preact/signals';
import { ask } from '../api/ask.ts';
import type { Account } from '../api/types.ts';
import { pause } from '../parts/pause.ts';
import { session } from './session.ts';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/** Who is logged in; null as long as that is not known. */
export const account = signal<Account | null>(null);

/** Why it is not known, after it was asked for. */
export const failure = signal<unknown>(null);

effect(() => {
  account.value = null;
  failure.value = null;
  if (!session.value) return;
  const over = new AbortController();
  void learn(over.signal);
  return () => over.abort();
});

/** Asks until it is answered: views of operators hang on it. */
async function learn(over: AbortSignal): Promise<void> {
  for (let wait = FIRST_WAIT_MS; !over.aborted; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    try {
      const { body } = await ask<Account>('GET', '/account', { signal: over });
      if (!over.aborted) account.value = body;
      return;
    } catch (error) {
      if (!over.aborted) failure.value = error;
    }
    await pause(wait, over);
  }
}

export async function learnAgain(): Promise<void> {
  const asked = session.peek();
  failure.value = null;
  try {
    const { body } = await ask<Account>('GET', '/account');
    if (session.peek()?.email === asked?.email) account.value = body;
  } catch (error) {
    failure.value = error;
  }
}

export function isOperator(): boolean {
  return account.value?.role === 'admin';
}
