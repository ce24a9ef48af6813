import { texts } from '../settings/language.ts';
import { say } from '../shell/say.tsx';

/** Puts text on the clipboard, and says so. */
export async function copy(text: string): Promise<void> {
  const { copied, notCopied } = texts.value.task;
  // Typed as if it were always there; on plain http it is not.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  const isDone = clipboard
    ? await clipboard.writeText(text).then(
        () => true,
        () => false,
      )
    : bySelection(text);
  say(isDone ? copied : notCopied);
}

function bySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'for-ears';
  document.body.append(area);
  area.select();
  const isDone = document.execCommand('copy');
  area.remove();
  return isDone;
}
