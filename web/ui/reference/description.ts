import { signal } from '@preact/signals';
import { send } from '../api/send.ts';
import { inWords } from '../api/refusal.ts';
import type { Description } from '../../reference/operations.ts';

export const description = signal<Description | null>(null);
/** Why it could not be read, in words. */
export const failure = signal<string | null>(null);

/** Reads what the service says of itself, once. */
export async function readDescription(): Promise<void> {
  if (description.value) return;
  failure.value = null;
  try {
    description.value = (await send<Description>('GET', '/openapi.json')).body;
  } catch (error) {
    failure.value = inWords(error);
  }
}
