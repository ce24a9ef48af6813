import { removeUnreferenced } from '../../shared/task/references.ts';
import { taskPrefixes } from '../../shared/task/keys.ts';
import type { ClaimedStep } from '../../shared/task/task.ts';
import type { StepContext } from '../context.ts';

/** All clips are made: what lost attempts left in storage goes. */
export async function tidyTask(step: ClaimedStep, { db, storage, log }: StepContext): Promise<void> {
  const keys = (await Promise.all(taskPrefixes(step.task).map((prefix) => storage.list(prefix)))).flat();
  const removed = await removeUnreferenced(db, storage, step.task, keys);
  if (removed > 0) log.info({ removed }, 'removed what lost attempts had stored');
}
