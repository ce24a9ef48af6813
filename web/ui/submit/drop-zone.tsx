import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../parts/icon.tsx';
import { texts } from '../settings/language.ts';
import { addFiles } from '../upload/uploads.ts';
import { chosenProfile } from './profiles.ts';

/** Takes files by choosing them here, or by dropping them anywhere on the page. */
export function DropZone() {
  const isOver = useSignal(false);
  const input = useRef<HTMLInputElement>(null);
  const { submit } = texts.value;

  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      isOver.value = true;
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) isOver.value = false;
    };
    const dropped = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      isOver.value = false;
      addFiles(event.dataTransfer.files, chosenProfile.value);
    };
    const listening = new AbortController();
    const { signal } = listening;
    addEventListener('dragover', over, { signal });
    addEventListener('dragleave', leave, { signal });
    addEventListener('drop', dropped, { signal });
    return () => listening.abort();
  }, []);

  return (
    <div class={isOver.value ? 'drop drop-over' : 'drop'}>
      <Icon name="upload" />
      <p class="drop-words">{isOver.value ? submit.dropNow : submit.drop}</p>
      <button type="button" class="button button-main" onClick={() => input.current?.click()}>
        {submit.choose}
      </button>
      <input
        ref={input}
        class="for-ears"
        type="file"
        accept="video/*,.mkv,.ts,.flv,.avi,.mov,.webm"
        multiple
        tabIndex={-1}
        aria-label={submit.choose}
        onChange={() => {
          addFiles(input.current?.files ?? [], chosenProfile.value);
          // The same file may be chosen again.
          if (input.current) input.current.value = '';
        }}
      />
    </div>
  );
}
