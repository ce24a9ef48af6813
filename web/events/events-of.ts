import type { Step } from '../../shared/task/task.ts';
import { listed } from '../../shared/task/list.ts';
import { clipSteps } from '../../shared/task/published.ts';
import { taskProgress } from '../../shared/task/progress.ts';
import { isFinal } from '../../shared/task/states.ts';
import { viewPart, viewSummary } from '../tasks/view.ts';
import type { Change } from './changes.ts';

/** One event, before it is written. Pure. */
export interface TaskEvent {
  event: 'task' | 'part' | 'removed';
  data: unknown;
}

/** What a client was told last, by task and part, so that it is not told again. */
export type Told = Map<string, string>;

/** What a list shows of a task. */
export function listEvents({ id, now }: Change, told: Told, at: Date): TaskEvent[] {
  if (!now) {
    told.delete(id);
    // Also when it was never told of: the client may have it from the list.
    return [{ event: 'removed', data: { task_id: id } }];
  }
  const events = news('task', id, taskRow(now, at), told);
  // Nothing more will come of it, and a stream may stay open for long.
  if (isFinal(now.task.status)) told.delete(id);
  return events;
}

/** What the view of one task shows: its row, and the parts that changed. */
export function detailEvents({ id, now }: Change, told: Told, at: Date): TaskEvent[] {
  if (!now) return [{ event: 'removed', data: { task_id: id } }];
  const clips = now.steps.filter((step) => step.kind === 'clip');
  return [
    ...news('task', id, taskRow(now, at), told),
    ...clips.flatMap((step) => news('part', `${id}/${step.part}`, viewPart(step), told)),
  ];
}

/** Parts that are done and whose clip the client does not know of. */
export function newClips({ now }: Change, told: Told): Step[] {
  return (now ? clipSteps(now.task, now.steps) : []).filter((step) => {
    const name = `clip ${step.part}`;
    if (told.has(name)) return false;
    told.set(name, '');
    return true;
  });
}

function taskRow({ task, steps }: NonNullable<Change['now']>, at: Date) {
  const clips = steps.filter((step) => step.kind === 'clip');
  const done = clips.filter((step) => step.state === 'done').length;
  return {
    ...viewSummary({ ...listed(task), parts: clips.length, parts_done: done }),
    progress: taskProgress(task.status, steps, at),
  };
}

function news(event: TaskEvent['event'], name: string, data: object, told: Told): TaskEvent[] {
  const text = JSON.stringify(data);
  if (told.get(name) === text) return [];
  told.set(name, text);
  return [{ event, data }];
}
