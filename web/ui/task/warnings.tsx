import type { Task } from '../api/types.ts';
import { Icon } from '../parts/icon.tsx';
import { warningInWords } from '../parts/told.ts';
import { texts } from '../settings/language.ts';

/** What was left out or assumed: nothing to act on, and nothing to miss. */
export function Warnings({ task: { warnings } }: { task: Task }) {
  const { task: words, warnings: translated } = texts.value;
  if (warnings.length === 0) return null;
  return (
    <aside class="warnings" aria-label={words.warnings}>
      <Icon name="wrong" />
      <ul class="plain">
        {warnings.map((warning, at) => (
          <li key={at}>{warningInWords(warning, translated)}</li>
        ))}
      </ul>
    </aside>
  );
}
