import { signal } from '@preact/signals';
import { session } from '../session/session.ts';
import { texts } from '../settings/language.ts';
import { chosenProfile } from '../submit/profiles.ts';
import { filesIn } from '../upload/local-file.ts';
import { addFiles, underWay } from '../upload/uploads.ts';
import { route } from './route.ts';
import { say } from './say.tsx';

/** Whether files are held over the page. */
export const isOver = signal(false);

/** Takes files that are dropped anywhere: browsers would leave the page, and everything on its way, to show the file. */
export function takeDrops(): void {
  addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    isOver.value = session.value !== null;
  });
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) isOver.value = false;
  });
  addEventListener('drop', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    isOver.value = false;
    if (!session.value) return;
    const { files, hasFolder } = filesIn(event.dataTransfer);
    addFiles(files, chosenProfile.value);
    const { upload } = texts.value;
    if (hasFolder) say(upload.noFolders);
    else if (route.value.view !== 'home') say(upload.taken(files.length));
  });
  addEventListener('beforeunload', (event) => {
    if (underWay.value > 0) event.preventDefault();
  });
}

function hasFiles(event: DragEvent): event is DragEvent & { dataTransfer: DataTransfer } {
  return event.dataTransfer?.types.includes('Files') ?? false;
}
