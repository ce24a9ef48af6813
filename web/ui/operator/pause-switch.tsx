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
  const isAsked = useSignal(false);
  const isBusy = useSignal(false);
  const text = words.value;

  async function turn(): Promise<void> {
    isBusy.value = true;
    try {
      await ask('POST', `/admin/fleet/${isPaused ? 'resume' : 'pause'}`);
      say(isPaused ? text.saidResumed : text.saidPaused);
      await lookAtFleet();
    } catch (error) {
      say(inWords(error));
    } finally {
      isBusy.value = false;
    }
  }

  return (
    <>
      <button type="button" class="button" disabled={isBusy.value} onClick={() => (isAsked.value = true)}>
        <Icon name={isPaused ? 'play' : 'pause'} />
        {isPaused ? text.resume : text.pause}
      </button>
      {isAsked.value && (
        <Confirm
          title={isPaused ? text.resumeTitle : text.pauseTitle}
          text={isPaused ? text.resumeText : text.pauseText}
          yes={isPaused ? text.resume : text.pause}
          no={text.keep}
          onYes={() => void turn()}
          onClose={() => (isAsked.value = false)}
        />
      )}
    </>
  );
}
