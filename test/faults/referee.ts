import { expectedClips, recipeNamed } from './recipes.ts';
import type { Evidence, Move, StepRow, TaskRow } from './evidence.ts';
import { recipeOfKey } from './submit.ts';

/** What must not be, by what it breaks. */
export interface Violation {
  kind: 'lost' | 'twice' | 'wrong' | 'left';
  what: string;
}

const FINAL = ['succeeded', 'failed', 'cancelled'];
const FRAMES_OFF = 2;

/** Judges a run by what it left behind. Pure: everything that was looked up is in the evidence. */
export function judge(evidence: Evidence): Violation[] {
  return [...lost(evidence), ...twice(evidence), ...wrong(evidence), ...left(evidence)];
}

/** Every task that was answered 201, and every one that has a row, ends as it should. */
function lost({ accepted, refused, tasks, steps, history }: Evidence): Violation[] {
  const rows = new Map(tasks.map((task) => [task.id, task]));
  const removed = new Set(history.filter(({ became }) => became === 'removed').map(({ task }) => task));
  const ended = new Set(accepted.filter(({ asked }) => asked !== 'nothing').map(({ task }) => task));
  return [
    ...refused.map((what) => `never accepted: ${what}`),
    ...accepted
      .filter(({ task }) => !rows.has(task) && !(removed.has(task) && ended.has(task)))
      .map(({ task, key }) => `task ${task} (${key}) was answered 201 and has no row`),
    ...tasks
      .filter(({ status }) => !FINAL.includes(status))
      .map(({ id, key, status }) => `task ${id} (${key}) is still ${status}`),
    ...tasks
      .filter(({ id, status }) => status === 'failed' || (status === 'cancelled' && !ended.has(id)))
      .map(({ id, key, status, error }) => `task ${id} (${key}) is ${status}: ${error ?? 'nobody asked for that'}`),
    ...steps
      .filter(
        ({ task, state }) => FINAL.includes(rows.get(task)?.status ?? '') && ['waiting', 'leased'].includes(state),
      )
      .map(
        ({ task, kind, part, state }) => `${kind} ${part ?? ''} of ${task} is still ${state}, and its task has ended`,
      ),
  ].map((what) => ({ kind: 'lost', what }));
}

/** Nothing is done twice, nothing by an attempt that counts no more, nothing after the end. */
function twice({ accepted, tasks, history }: Evidence): Violation[] {
  const keys = [
    ...accepted.map(({ key, task }) => ({ key, task })),
    ...tasks.map(({ key, id }) => ({ key, task: id })),
  ];
  const steps = grouped(
    history.filter(({ step }) => step !== null),
    ({ step }) => String(step),
  );
  return [
    ...[...grouped(keys, ({ key }) => key)]
      .filter(([, of]) => new Set(of.map(({ task }) => task)).size > 1)
      .map(([key]) => `several tasks were made of ${key}`),
    ...[...steps.values()].flatMap(wrongMoves),
    ...[...grouped(history, ({ task }) => task).values()].flatMap(movesAfterTheEnd),
  ].map((what) => ({ kind: 'twice', what }));
}

function wrongMoves(moves: Move[]): string[] {
  const done = moves.filter(({ became }) => became === 'done');
  return [
    ...done.slice(1).map((move) => `${nameOf(move)} was done again`),
    ...moves.filter(({ was }) => was === 'done').map((move) => `${nameOf(move)} was changed after it was done`),
    ...done
      .filter(({ was, attempt, attempt_was: before }) => was !== 'leased' || attempt !== before)
      .map((move) => `${nameOf(move)} was done by somebody who did not hold it`),
    ...done
      .filter(({ kind, key, attempt }) => kind === 'clip' && attemptOf(key) !== attempt)
      .map((move) => `${nameOf(move)} was published by attempt ${attemptOf(move.key)}`),
  ];
}

/** Only a retry begins a task again that has ended. */
function movesAfterTheEnd(moves: Move[]): string[] {
  const wrong: string[] = [];
  let end: string | undefined;
  for (const move of moves) {
    if (move.step === null) end = FINAL.includes(move.became) ? move.became : undefined;
    // A claim may be noted after a DELETE that then waits for it, and cancels that step too: only what is done counts.
    else if (end !== undefined && move.became === 'done')
      wrong.push(`${nameOf(move)} was done after its task was ${end}`);
  }
  return wrong;
}

/** What succeeded has exactly the clips of its recipe, and each is in storage as it was written down. */
function wrong({ tasks, steps, stored, readings }: Evidence): Violation[] {
  const files = new Map(stored.map((file) => [file.key, file]));
  const clips = grouped(
    steps.filter(({ kind, state }) => kind === 'clip' && state === 'done'),
    ({ task }) => task,
  );
  const found = tasks
    .filter(({ status }) => status === 'succeeded')
    .flatMap((task) => wrongParts(task, clips.get(task.id) ?? []));
  const broken = [...clips.values()].flat().flatMap((clip) => {
    const file = files.get(clip.key ?? '');
    if (!file) return [`${clip.key} is published and not in storage`];
    const reading = readings.get(file.sha256);
    const task = tasks.find(({ id }) => id === clip.task);
    const planned = expectedClips(recipeNamed(recipeOfKey(task?.key ?? ''))).find(({ part }) => part === clip.part);
    if (file.bytes !== clip.bytes || file.sha256 !== clip.sha256) return [`${file.key} is not what was written down`];
    const isPlanned =
      reading?.width === planned?.width &&
      reading?.height === planned?.height &&
      Math.abs((reading?.frames ?? 0) - (planned?.frames ?? 0)) <= FRAMES_OFF;
    return isPlanned ? [] : [`${file.key} is ${JSON.stringify(reading)} instead of ${JSON.stringify(planned)}`];
  });
  return [...found, ...broken].map((what) => ({ kind: 'wrong', what }));
}

function wrongParts(task: TaskRow, clips: StepRow[]): string[] {
  const parts = clips.map(({ part }) => part ?? 0).sort((a, b) => a - b);
  const expected = expectedClips(recipeNamed(recipeOfKey(task.key))).map(({ part }) => part);
  if (parts.join() === expected.join()) return [];
  return [`task ${task.id} (${task.key}) succeeded with the parts ${parts.join()} instead of ${expected.join()}`];
}

/** Nothing stays behind: no file without a row, no process, no passing file; and nothing ended by itself. */
function left({ stored, tasks, steps, processes, files, ends }: Evidence): Violation[] {
  const referenced = new Set([...tasks.map(({ source_key: key }) => key), ...steps.map(({ key }) => key)]);
  return [
    ...stored
      .filter(({ key }) => !referenced.has(key))
      .map(({ key }) => `${key} is in storage and nothing refers to it`),
    ...processes.map((process) => `process left: ${process}`),
    ...files.map((file) => `file left: ${file}`),
    ...ends,
  ].map((what) => ({ kind: 'left', what }));
}

function nameOf({ task, kind, part, attempt }: Move): string {
  return `${kind}${part === null ? '' : ` ${part}`} of ${task}, attempt ${attempt},`;
}

/** From a key such as `clips/…/0001-a2.mp4`. */
function attemptOf(key: string | null): number {
  return Number(/-a(\d+)\.mp4$/.exec(key ?? '')?.[1]);
}

function grouped<T>(all: readonly T[], by: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(by(one));
    if (group) group.push(one);
    else groups.set(by(one), [one]);
  }
  return groups;
}
