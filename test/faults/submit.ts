import { openAsBlob } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fleet } from './fleet.ts';
import { draw, type Recipe } from './recipes.ts';

/** One request for a task. Its key says what it is of, so that the row alone tells what has to come of it. */
export interface Submission {
  /** The Idempotency-Key: `<number>-<recipe>`. */
  key: string;
  recipe: Recipe;
  by: 'url' | 'upload';
  owner: number;
  /** Where its video is served, when not as usual. */
  url?: string;
  /** From -10 to 10. */
  priority?: number;
}

/** Owners of the run, who log in again before their tokens run out. */
export interface Owners {
  token(owner: number): string;
}

const ATTEMPT_MS = 20_000;
const GIVE_UP_MS = 300_000;

/**
 * Sends a request again and again, at one web after the other, until it is answered 201: what a good client does.
 * @param first index of the web that is asked first
 */
export async function submit(fleet: Fleet, owners: Owners, submission: Submission, first = 0): Promise<string> {
  const end = Date.now() + GIVE_UP_MS;
  let last: unknown;
  for (let turn = first; Date.now() < end; turn++) {
    const web = fleet.webs[turn % fleet.webs.length];
    try {
      const response = await fetch(new URL('/tasks', web?.url), await requestOf(fleet, owners, submission));
      const text = await response.text();
      if (response.status === 201) return (JSON.parse(text) as { task_id: string }).task_id;
      last = `${response.status} ${text}`;
      // Neither away nor overloaded: sending it again will not help.
      if (response.status < 500 && response.status !== 429) break;
    } catch (error) {
      last = error;
    }
    await pause(100);
  }
  throw new Error(`The submission ${submission.key} was not accepted: ${String(last)}`, { cause: last });
}

async function requestOf(
  fleet: Fleet,
  owners: Owners,
  { key, recipe, by, owner, url, priority = 0 }: Submission,
): Promise<RequestInit> {
  const file = await draw(recipe);
  const headers = { authorization: `Bearer ${owners.token(owner)}`, 'idempotency-key': key };
  const signal = AbortSignal.timeout(ATTEMPT_MS);
  if (by === 'url') {
    const body = JSON.stringify({ url: url ?? fleet.videos.urlOf(file), profile: recipe.profile, priority });
    return { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body, signal };
  }
  const form = new FormData();
  form.set('profile', recipe.profile);
  form.set('priority', String(priority));
  form.set('video', await openAsBlob(file), 'video.mp4');
  return { method: 'POST', headers, body: form, signal };
}

/** Recipe of a task, from its key. */
export function recipeOfKey(key: string): string {
  return key.split('-').at(-1) ?? '';
}
