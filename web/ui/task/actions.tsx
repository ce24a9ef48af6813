import { useSignal } from '@preact/signals';
import { ask } from '../api/ask.ts';
import { inWords } from '../api/refusal.ts';
import type { Task } from '../api/types.ts';
import { Confirm } from '../parts/confirm.tsx';
import { copy } from '../parts/copy.ts';
import { Icon } from '../parts/icon.tsx';
import { texts } from '../settings/language.ts';
import { addresses, goTo } from '../shell/route.ts';
import { say } from '../shell/say.tsx';
import { asCurl } from './curl.ts';
import type { OpenTask } from './open-task.ts';

export function Actions({ task, open }: { task: Task; open: OpenTask }) {
  const { task: words } = texts.value;
  const isAsking = useSignal(false);
  const isUnderWay = task.status === 'running' || task.status === 'pending';

  /** Aborts what is under way, and removes what has ended. */
  async function remove(): Promise<void> {
    try {
      const { body } = await ask<Task | null>('DELETE', `/tasks/${task.task_id}`);
      if (body) open.set(body);
      else goTo(addresses.home);
      say(body ? words.aborted : words.removed);
    } catch (error) {
      say(inWords(error));
    }
  }

  return (
    <div class="buttons">
      {task.zip_url && (
        <a class="button button-main" href={task.zip_url} download>
          <Icon name="download" />
          {words.downloadAll}
        </a>
      )}
      <button type="button" class="button" onClick={() => void copy(asCurl(task, location.origin))}>
        <Icon name="code" />
        {words.copyCurl}
      </button>
      <button type="button" class="button" onClick={() => void copy(task.task_id)}>
        <Icon name="copy" />
        {words.copyId}
      </button>
      <button type="button" class="button button-warn" onClick={() => (isAsking.value = true)}>
        <Icon name={isUnderWay ? 'stop' : 'trash'} />
        {isUnderWay ? words.abort : words.remove}
      </button>
      {isAsking.value && (
        <Confirm
          title={isUnderWay ? words.abortTitle : words.removeTitle}
          text={isUnderWay ? words.abortText : words.removeText}
          yes={isUnderWay ? words.abort : words.remove}
          no={isUnderWay ? words.keep : words.keepIt}
          onYes={() => void remove()}
          onClose={() => (isAsking.value = false)}
        />
      )}
    </div>
  );
}
