import { FocusHeading } from '../parts/focus-heading.tsx';
import { texts } from '../settings/language.ts';
import { DropZone } from '../submit/drop-zone.tsx';
import { ProfileChooser } from '../submit/profile-chooser.tsx';
import { UrlForm } from '../submit/url-form.tsx';
import { TaskList } from '../tasks/task-list.tsx';
import { UploadsView } from '../upload/uploads-view.tsx';

/** Hand over videos, and see what became of them. */
export function Home() {
  const { submit, tasks } = texts.value;
  return (
    <>
      <section class="card submit">
        <FocusHeading title={tasks.title}>{submit.title}</FocusHeading>
        <div class="submit-columns">
          <div>
            <DropZone />
            <UrlForm />
          </div>
          <ProfileChooser />
        </div>
      </section>
      <UploadsView />
      <TaskList />
    </>
  );
}
