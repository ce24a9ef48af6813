/** The states of tasks and steps and the moves between them. Pure. The database guards the same moves. */
export const taskStatuses = ['pending', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type TaskStatus = (typeof taskStatuses)[number];

export const stepStates = ['waiting', 'leased', 'done', 'failed', 'cancelled'] as const;
export type StepState = (typeof stepStates)[number];

export const stepKinds = ['ingest', 'clip', 'sound', 'finish'] as const;
export type StepKind = (typeof stepKinds)[number];

/** A final task changes no more, except by a retry. */
export function isFinal(status: TaskStatus): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'cancelled';
}
