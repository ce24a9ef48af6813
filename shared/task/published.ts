import type { Step, StoredClip, StoredStream, Task } from './task.ts';

type Made = Pick<Step, 'kind' | 'state' | 'output'>;

/** The steps whose output is a clip for the owner: those of the parts, or the last one, which has joined them. Pure. */
export function clipSteps<One extends Made>({ profile }: Pick<Task, 'profile'>, steps: readonly One[]): One[] {
  const kind = profile.join ? 'finish' : 'clip';
  return steps.filter((step) => step.kind === kind && step.state === 'done' && 'key' in (step.output ?? {}));
}

export function clipMade({ output }: Made): StoredClip {
  return output as StoredClip;
}

/** The stream of a task, and the attempt that made it; null where there is none. Pure. */
export function streamMade(
  { profile }: Pick<Task, 'profile'>,
  steps: readonly (Made & { attempt: number })[],
): { stream: StoredStream; attempt: number } | null {
  if (profile.join !== 'hls') return null;
  const step = steps.find(({ kind, state }) => kind === 'finish' && state === 'done');
  return step ? { stream: step.output as StoredStream, attempt: step.attempt } : null;
}
