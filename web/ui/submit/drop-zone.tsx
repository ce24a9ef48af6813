import { useRef } from 'preact/hooks';
import { Icon } from '../parts/icon.tsx';
import { texts } from '../settings/language.ts';
import { isOver } from '../shell/drop-files.ts';
import { addFiles } from '../upload/uploads.ts';
import { chosenProfile } from './profiles.ts';

/** Takes files by choosing them here; dropping them anywhere is as good (shell/drop-files.ts). */
export function DropZone() {
  const input = useRef<HTMLInputElement>(null);
  const { submit } = texts.value;

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
        aria-hidden="true"
        type="file"
        accept="video/*,.mkv,.ts,.flv,.avi,.mov,.webm"
        multiple
        tabIndex={-1}
        onChange={() => {
          addFiles(input.current?.files ?? [], chosenProfile.value);
          // The same file may be chosen again.
          if (input.current) input.current.value = '';
        }}
      />
    </div>
  );
}
