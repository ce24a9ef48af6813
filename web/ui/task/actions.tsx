import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ask } from '../api/ask.ts';
import { inWords, Refusal } from '../api/refusal.ts';
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
  const { task: words, refusals } = texts.value;
  // What is asked stays what it was when the question was put, whatever becomes of the task meanwhile.
  const asked = useSignal<Ending | null>(null);
  const question = asked.value;
  const ending = endingOf(task);

  useEffect(() => {
    if (question === 'abort' && ending === 'remove') say(refusals.already_final);
  }, [ending]);

  async function end(how: Ending): Promise<void> {
    try {
      // This page may be behind: what is to be aborted is never removed.
      const only = how === 'abort' ? '?if=unfinished' : '';
      const { body } = await ask<Task | null>('DELETE', `/tasks/${task.task_id}${only}`);
      if (body) open.set(body);
      else goTo(addresses.home);
      say(body ? words.aborted : words.removed);
    } catch (error) {
      say(inWords(error));
      if (error instanceof Refusal) await open.reload();
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
      <button type="button" class="button button-warn" onClick={() => (asked.value = ending)}>
        <Icon name={ending === 'abort' ? 'stop' : 'trash'} />
        {words[ending]}
      </button>
      {question && (
        <Confirm
          title={question === 'abort' ? words.abortTitle : words.removeTitle}
          text={question === 'abort' ? words.abortText : words.removeText}
          yes={words[question]}
          no={question === 'abort' ? words.keep : words.keepIt}
          isOver={question !== ending}
          onYes={() => void end(question)}
          onClose={() => (asked.value = null)}
        />
      )}
    </div>
  );
}

/** What is under way is aborted, and what has ended is removed. */
type Ending = 'abort' | 'remove';

function endingOf({ status }: Task): Ending {
  return status === 'running' || status === 'pending' ? 'abort' : 'remove';
}
