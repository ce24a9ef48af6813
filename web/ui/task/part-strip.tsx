import type { Part, Task } from '../api/types.ts';
import { clock } from '../parts/in-words.ts';
import { texts } from '../settings/language.ts';

const states: Part['state'][] = ['done', 'leased', 'waiting', 'failed', 'cancelled'];

/** The source's time line, cut into its parts, each in the color and pattern of its state. */
export function PartStrip({ task: { parts } }: { task: Task }) {
  const { task: words } = texts.value;
  const end = parts.at(-1)?.end;
  if (end === undefined) return null;
  const counts = states.flatMap((state) => {
    const count = parts.filter((part) => part.state === state).length;
    return count > 0 ? [{ state, text: words.partsIn(count, state) }] : [];
  });
  return (
    <div class="strip-box">
      <div
        class="strip"
        role="img"
        aria-label={words.partsSummary(parts.length, counts.map(({ text }) => text).join(', '))}
        onClick={showClip}
      >
        {parts.map((part) => (
          <Cell key={part.part} part={part} />
        ))}
      </div>
      <div class="strip-times" aria-hidden="true">
        <span>0:00</span>
        <span>{clock(end / 2)}</span>
        <span>{clock(end)}</span>
      </div>
      <ul class="legend" aria-hidden="true">
        {counts.map(({ state, text }) => (
          <li key={state}>
            <span class={`legend-mark part-${state}`} />
            {text}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Cell({ part: { part, start, end, state, progress } }: { part: Part }) {
  const { task: words } = texts.value;
  const title = `${words.part(part)} · ${clock(start)}–${clock(end)} · ${words.partState[state]}`;
  return (
    <span class={`part part-${state}`} title={title} data-part={part} style={{ flexGrow: end - start }}>
      {state === 'leased' && <span class="part-made" style={{ transform: `scaleX(${progress})` }} />}
    </span>
  );
}

/** A shortcut for the mouse; the clips themselves are next, for everybody. */
function showClip(event: MouseEvent): void {
  const part = (event.target as HTMLElement).closest<HTMLElement>('[data-part]')?.dataset.part;
  if (part) document.getElementById(`clip-${part}`)?.scrollIntoView({ block: 'center' });
}
