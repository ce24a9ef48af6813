import { useSignal } from '@preact/signals';
import { ask } from '../api/ask.ts';
import { inWords } from '../api/refusal.ts';
import type { Task } from '../api/types.ts';
import { Icon } from '../parts/icon.tsx';
import { errorInWords } from '../parts/told.ts';
import { texts } from '../settings/language.ts';
import { say } from '../shell/say.tsx';
import type { OpenTask } from './open-task.ts';

/** So many parts that failed are named. */
const NAMED = 5;

/** What went wrong, in words that its owner can act on, and the way to try again. */
export function Problems({ task, open }: { task: Task; open: OpenTask }) {
  const { task: words, problems } = texts.value;
  const isBusy = useSignal(false);
  const isOver = task.status === 'failed' || task.status === 'cancelled';
  const parts = task.parts.filter(({ state, error }) => state === 'failed' && error);
  if (!isOver && parts.length === 0) return null;

  async function retry(): Promise<void> {
    isBusy.value = true;
    try {
      open.set((await ask<Task>('POST', `/tasks/${task.task_id}/retry`)).body);
      say(words.retried);
    } catch (error) {
      say(inWords(error));
    } finally {
      isBusy.value = false;
    }
  }

  return (
    <div class={`problems problems-${task.status}`}>
      {task.error && (
        <p class="problem">
          <Icon name="wrong" />
          {errorInWords(task.error, problems)}
        </p>
      )}
      {parts.length > 0 && (
        <ul class="plain small">
          {parts.slice(0, NAMED).map(({ part, error }) => (
            <li key={part}>
              <strong>{words.failedPart(part)}:</strong> {error && errorInWords(error, problems)}
            </li>
          ))}
          {parts.length > NAMED && <li>+ {parts.length - NAMED}</li>}
        </ul>
      )}
      {isOver && (
        <button type="button" class="button button-main" disabled={isBusy.value} onClick={() => void retry()}>
          <Icon name="again" />
          {task.status === 'failed' ? words.retry : words.retryCancelled}
        </button>
      )}
    </div>
  );
}
