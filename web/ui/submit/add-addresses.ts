import { effect, signal } from '@preact/signals';
import { ask } from '../api/ask.ts';
import { inWords, Refusal } from '../api/refusal.ts';
import type { Task } from '../api/types.ts';
import { session } from '../session/session.ts';
import { texts } from '../settings/language.ts';
import { say } from '../shell/say.tsx';
import { showNew } from '../tasks/store.ts';
import { chosenProfile } from './profiles.ts';
import { addressesIn, without } from './url-lines.ts';

/** What is in the box. It outlives the view: looking at a task costs nobody a list of addresses. */
export const text = signal('');
export const problems = signal<readonly string[]>([]);
export const isBusy = signal(false);

/** Keys of requests whose answer did not come: sent again, they find the task that they may have made. */
const keys = new Map<string, string>();

// Another's addresses are not for whoever logs in next.
effect(() => {
  if (session.value) return;
  text.value = '';
  problems.value = [];
  keys.clear();
});

/** Makes tasks of the addresses in the box. What was not taken stays there, to be changed or sent again. */
export async function addAddresses(): Promise<void> {
  if (isBusy.value) return;
  const { submit } = texts.value;
  const { urls, wrong, tooLong } = addressesIn(text.value);
  const found = [...wrong.map(submit.notUrl), ...tooLong.map((url) => submit.tooLong(shortened(url)))];
  isBusy.value = true;
  let added = 0;
  for (const url of urls) {
    try {
      await addOne(url);
      text.value = without(text.value, url);
      added++;
    } catch (error) {
      const isAboutIt = error instanceof Refusal && [400, 409, 422].includes(error.status);
      found.push(isAboutIt ? submit.refused(shortened(url), inWords(error)) : inWords(error));
      // The others would fare no better.
      if (!isAboutIt) break;
    }
  }
  if (added > 0) say(submit.added(added));
  problems.value = found;
  isBusy.value = false;
}

async function addOne(url: string): Promise<void> {
  const body = { url, profile: chosenProfile.value };
  const name = JSON.stringify(body);
  const idempotencyKey = keys.get(name) ?? newKey();
  keys.set(name, idempotencyKey);
  showNew((await ask<Task>('POST', '/tasks', { body, idempotencyKey })).body);
  keys.delete(name);
}

function shortened(url: string): string {
  return url.length > 80 ? `${url.slice(0, 79)}…` : url;
}

function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-');
}
