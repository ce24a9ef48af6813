import { effect, signal } from '@preact/signals';
import { ask } from '../api/ask.ts';
import type { Account } from '../api/types.ts';
import { session } from './session.ts';

/** Who is logged in, as soon as it is known. */
export const account = signal<Account | null>(null);

effect(() => {
  const asked = session.value;
  account.value = null;
  if (!asked) return;
  ask<Account>('GET', '/account').then(
    ({ body }) => {
      if (session.peek()?.email === asked.email) account.value = body;
    },
    // Only what is for operators hangs on it.
    () => undefined,
  );
});

export function isOperator(): boolean {
  return account.value?.role === 'admin';
}
