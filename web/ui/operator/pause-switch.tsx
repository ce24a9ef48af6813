import { useSignal } from '@preact/signals';
import { ask } from '../api/ask.ts';
import { inWords } from '../api/refusal.ts';
import { Confirm } from '../parts/confirm.tsx';
import { Icon } from '../parts/icon.tsx';
import { say } from '../shell/say.tsx';
import { words } from './texts.ts';
import { lookAtFleet } from './watch-fleet.ts';

/** Stops all claims, or lets them go on: asked twice, because it is for everybody. */
export function PauseSwitch({ isPaused }: { isPaused: boolean }) {
  // What is asked stays what it was, also when another does it meanwhile.
  const asked = useSignal<'pause' | 'resume' | null>(null);
  const question = asked.value;
  const now = isPaused ? 'resume' : 'pause';
  const isBusy = useSignal(false);
  const text = words.value;

  async function turn(how: 'pause' | 'resume'): Promise<void> {
    isBusy.value = true;
    try {
      await ask('POST', `/admin/fleet/${how}`);
      say(how === 'resume' ? text.saidResumed : text.saidPaused);
      await lookAtFleet();
    } catch (error) {
      say(inWords(error));
    } finally {
      isBusy.value = false;
    }
  }

  return (
    <>
      <button type="button" class="button" disabled={isBusy.value} onClick={() => (asked.value = now)}>
        <Icon name={isPaused ? 'play' : 'pause'} />
        {text[now]}
      </button>
      {question && (
        <Confirm
          title={question === 'resume' ? text.resumeTitle : text.pauseTitle}
          text={question === 'resume' ? text.resumeText : text.pauseText}
          yes={text[question]}
          no={text.keep}
          isOver={question !== now}
          onYes={() => void turn(question)}
          onClose={() => (asked.value = null)}
        />
      )}
    </>
  );
}
