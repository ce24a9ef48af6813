import { useEffect } from 'preact/hooks';
import type { Task } from '../api/types.ts';
import { texts } from '../settings/language.ts';
import { loadProfiles, profiles } from '../submit/profiles.ts';
import { ClipCard } from './clip-card.tsx';
import type { OpenTask } from './open-task.ts';

/** Into the picture after the bumper, seconds. */
const AFTER_BUMPER = 0.5;

export function Clips({ task, open }: { task: Task; open: OpenTask }) {
  const { task: words } = texts.value;
  useEffect(() => void loadProfiles(), []);
  const bumper = profiles.value.find(({ name }) => name === task.profile)?.bumper?.seconds ?? 1;
  const isUnderWay = task.status === 'running' || task.status === 'pending';
  return (
    <section class="clips" aria-labelledby="clips-title">
      <h2 id="clips-title">
        {words.clips} {task.clips.length > 0 && <span class="count">{task.clips.length}</span>}
      </h2>
      {task.clips.length === 0 && <p class="clips-none">{isUnderWay ? words.clipsLater : words.noClips}</p>}
      <ul class="clip-grid plain">
        {task.clips.map((clip) => (
          <ClipCard key={clip.part} clip={clip} posterAt={bumper + AFTER_BUMPER} onBroken={() => void open.reload()} />
        ))}
      </ul>
    </section>
  );
}
