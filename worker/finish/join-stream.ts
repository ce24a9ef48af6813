import { Problem } from '../../shared/task/problem.ts';
import type { ClaimedStep, StoredStream } from '../../shared/task/task.ts';
import type { StepContext } from '../context.ts';

/** Comes next. */
export function joinStream(step: ClaimedStep, { log }: StepContext): Promise<StoredStream> {
  log.error({ profile: step.profile.name }, 'streams cannot be joined yet');
  return Promise.reject(new Problem('internal', 'streams cannot be joined yet'));
}
