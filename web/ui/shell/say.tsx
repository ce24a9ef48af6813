import { signal } from '@preact/signals';

/** Longer than it takes to read. */
const SHOWN_MS = 4_000;

const shown = signal('');
const heard = signal('');
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says what an action did, for everybody to see and for screen readers to read out. */
export function say(text: string): void {
  clearTimeout(timer);
  shown.value = text;
  timer = setTimeout(() => (shown.value = ''), SHOWN_MS);
}

/** Says what happened by itself, for screen readers only: the others see it. */
export function tell(text: string): void {
  heard.value = text;
}

export function Said() {
  return (
    <>
      <div class={shown.value ? 'said said-shown' : 'said'} role="status">
        {shown.value}
      </div>
      <div class="for-ears" role="status">
        {heard.value}
      </div>
    </>
  );
}
