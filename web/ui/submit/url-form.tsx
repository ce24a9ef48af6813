import { Icon } from '../parts/icon.tsx';
import { texts } from '../settings/language.ts';
import { addAddresses, isBusy, problems, text } from './add-addresses.ts';

/** So many problems are named. */
const NAMED = 4;

export function UrlForm() {
  const { submit } = texts.value;
  const named = problems.value.slice(0, NAMED);

  function add(event: Event): void {
    event.preventDefault();
    void addAddresses();
  }

  return (
    <form class="urls" onSubmit={add}>
      <label for="urls">{submit.urls}</label>
      <div class="urls-line">
        <textarea
          id="urls"
          rows={Math.min(6, text.value.split('\n').length)}
          spellcheck={false}
          placeholder={submit.urlExample}
          value={text.value}
          aria-invalid={named.length > 0 ? 'true' : undefined}
          aria-describedby="urls-problem"
          onInput={(event) => (text.value = event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.shiftKey) add(event);
          }}
        />
        <button class="button" disabled={isBusy.value || text.value.trim() === ''}>
          {isBusy.value ? submit.adding : submit.add}
        </button>
      </div>
      <div id="urls-problem" role="alert">
        {named.map((problem) => (
          <p key={problem} class="problem">
            <Icon name="wrong" />
            {problem}
          </p>
        ))}
        {problems.value.length > NAMED && <p class="small">+ {problems.value.length - NAMED}</p>}
      </div>
    </form>
  );
}
