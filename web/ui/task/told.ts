import { problemCodes } from '../../../shared/task/problem.ts';
import type { TaskError } from '../api/types.ts';
import type { Texts } from '../texts/en.ts';

/**
 * What went wrong, in the reader's language; in the service's own words where these say more than the code does, or where the
 * page is too old to know the code. Pure.
 */
export function errorInWords({ code, message }: Pick<TaskError, 'code' | 'message'>, words: Texts['problems']): string {
  return message === problemCodes[code] ? words[code] : message;
}
