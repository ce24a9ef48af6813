import { useSignal } from '@preact/signals';
import { Icon } from '../parts/icon.tsx';
import { texts } from '../settings/language.ts';

interface FieldProps {
  name: string;
  label: string;
  autocomplete: string;
  type?: 'text' | 'email' | 'password';
  hint?: string | undefined;
  problem: string | null;
}

export function Field({ name, label, type = 'text', autocomplete, hint, problem }: FieldProps) {
  const isShown = useSignal(false);
  const { show, hide } = texts.value.sign;
  const about = problem ? `${name}-problem` : hint ? `${name}-hint` : undefined;
  // The types know no input whose type changes.
  const kind = (isShown.value ? 'text' : type) as 'text';
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <div class="field-box">
        <input
          id={name}
          name={name}
          type={kind}
          autocomplete={autocomplete}
          aria-invalid={problem ? 'true' : undefined}
          aria-describedby={about}
          required
        />
        {type === 'password' && (
          <button
            type="button"
            class="field-eye"
            aria-label={isShown.value ? hide : show}
            aria-pressed={isShown.value}
            onClick={() => (isShown.value = !isShown.value)}
          >
            <Icon name="eye" />
          </button>
        )}
      </div>
      {problem ? (
        <p class="field-problem" id={`${name}-problem`}>
          {problem}
        </p>
      ) : (
        hint && (
          <p class="field-hint" id={`${name}-hint`}>
            {hint}
          </p>
        )
      )}
    </div>
  );
}
