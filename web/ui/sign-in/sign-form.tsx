import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { inWords, Refusal } from '../api/refusal.ts';
import { send } from '../api/send.ts';
import { Icon } from '../parts/icon.tsx';
import { logIn } from '../session/session.ts';
import { texts } from '../settings/language.ts';
import { goOn } from '../shell/route.ts';
import { Field } from './field.tsx';

type Name = 'username' | 'email' | 'password' | 'password_2';

/** Logs in; opens the account first when it is new. */
export function SignForm({ isNew }: { isNew: boolean }) {
  const { sign, fields } = texts.value;
  const form = useRef<HTMLFormElement>(null);
  const isBusy = useSignal(false);
  const error = useSignal<unknown>(null);
  const wrong = useSignal<string[]>([]);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (isBusy.value || !form.current) return;
    const value = (name: Name) => (form.current?.elements.namedItem(name) as HTMLInputElement).value;
    isBusy.value = true;
    error.value = null;
    wrong.value = [];
    try {
      const [email, password] = [value('email').trim(), value('password')];
      const account = isNew ? { username: value('username'), email, password, password_2: value('password_2') } : null;
      if (account) await send('POST', '/auth/signup', { body: account });
      await logIn(email, password);
      goOn();
    } catch (thrown) {
      error.value = thrown;
      wrong.value = wrongFields(thrown);
      const first = wrong.value[0];
      if (first) (form.current.elements.namedItem(first) as HTMLInputElement | null)?.focus();
    } finally {
      isBusy.value = false;
    }
  }

  const problem = (name: Name) => (wrong.value.includes(name) ? fields[name] : null);
  return (
    <form ref={form} class="form" noValidate onSubmit={(event) => void submit(event)}>
      {isNew && <Field name="username" label={sign.username} autocomplete="username" problem={problem('username')} />}
      <Field name="email" type="email" label={sign.email} autocomplete="email" problem={problem('email')} />
      <Field
        name="password"
        type="password"
        label={sign.password}
        autocomplete={isNew ? 'new-password' : 'current-password'}
        hint={isNew ? sign.passwordHint : undefined}
        problem={problem('password')}
      />
      {isNew && (
        <Field
          name="password_2"
          type="password"
          label={sign.passwordAgain}
          autocomplete="new-password"
          problem={problem('password_2')}
        />
      )}
      <div role="alert" class="form-error">
        {error.value !== null && wrong.value.length === 0 && (
          <p class="problem">
            <Icon name="wrong" />
            {inWords(error.value)}
          </p>
        )}
      </div>
      <button class="button button-main button-wide" disabled={isBusy.value}>
        {isNew ? sign.signUp : sign.logIn}
      </button>
    </form>
  );
}

/** Names of the fields that the API finds wrong. */
function wrongFields(error: unknown): string[] {
  if (!(error instanceof Refusal) || error.code !== 'invalid_request') return [];
  return error.fields.filter((name) => ['username', 'email', 'password', 'password_2'].includes(name));
}
