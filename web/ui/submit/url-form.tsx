import { useSignal } from '@preact/signals';
import { ask } from '../api/ask.ts';
import { inWords } from '../api/refusal.ts';
import type { Task } from '../api/types.ts';
import { Icon } from '../parts/icon.tsx';
import { texts } from '../settings/language.ts';
import { say } from '../shell/say.tsx';
import { showNew } from '../tasks/store.ts';
import { chosenProfile } from './profiles.ts';
import { addressesIn } from './url-lines.ts';

/** Keys of requests whose answer did not come: sent again, they find the task that they may have made. */
const keys = new Map<string, string>();

export function UrlForm() {
  const { submit } = texts.value;
  const text = useSignal('');
  const problem = useSignal('');
  const isBusy = useSignal(false);

  async function add(event: Event): Promise<void> {
    event.preventDefault();
    const found = addressesIn(text.value);
    problem.value = 'wrong' in found ? submit.notUrl(found.wrong) : '';
    if ('wrong' in found || found.urls.length === 0 || isBusy.value) return;
    isBusy.value = true;
    const left = [...found.urls];
    try {
      while (left[0] !== undefined) {
        const body = { url: left[0], profile: chosenProfile.value };
        const name = JSON.stringify(body);
        const idempotencyKey = keys.get(name) ?? newKey();
        keys.set(name, idempotencyKey);
        showNew((await ask<Task>('POST', '/tasks', { body, idempotencyKey })).body);
        keys.delete(name);
        left.shift();
      }
      say(submit.added(found.urls.length));
    } catch (error) {
      problem.value = inWords(error);
    } finally {
      // What was not taken stays, to be changed or sent again.
      text.value = left.join('\n');
      isBusy.value = false;
    }
  }

  return (
    <form class="urls" onSubmit={(event) => void add(event)}>
      <label for="urls">{submit.urls}</label>
      <div class="urls-line">
        <textarea
          id="urls"
          rows={Math.min(6, text.value.split('\n').length)}
          spellcheck={false}
          placeholder={submit.urlExample}
          value={text.value}
          aria-invalid={problem.value ? 'true' : undefined}
          aria-describedby="urls-problem"
          onInput={(event) => (text.value = event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.shiftKey) void add(event);
          }}
        />
        <button class="button" disabled={isBusy.value || text.value.trim() === ''}>
          {isBusy.value ? submit.adding : submit.add}
        </button>
      </div>
      <div id="urls-problem" role="alert">
        {problem.value && (
          <p class="problem">
            <Icon name="wrong" />
            {problem.value}
          </p>
        )}
      </div>
    </form>
  );
}

function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-');
}
