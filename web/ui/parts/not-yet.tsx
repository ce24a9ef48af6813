import { inWords } from '../api/refusal.ts';
import { texts } from '../settings/language.ts';
import { Icon } from './icon.tsx';

/** In place of what is not there yet: why, once it is known, and a way to try again. */
export function NotYet({ failure, onAgain }: { failure: unknown; onAgain: () => void }) {
  const { loading, again } = texts.value;
  if (failure === null) return <p class="not-yet soft">{loading}</p>;
  return (
    <div class="not-yet">
      <p class="problem" role="alert">
        <Icon name="wrong" />
        {inWords(failure)}
      </p>
      <button type="button" class="button" onClick={onAgain}>
        <Icon name="again" />
        {again}
      </button>
    </div>
  );
}
