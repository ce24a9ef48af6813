import { problemCodes } from '../../../shared/task/problem.ts';
import { warningCodes } from '../../../shared/task/warnings.ts';
import type { TaskError, Warning } from '../api/types.ts';
import type { Texts } from '../texts/en.ts';

/**
 * What went wrong, in the reader's language; in the service's own words where these say more than the code does, or where the
 * page is too old to know the code. Pure.
 */
export function errorInWords({ code, message }: Pick<TaskError, 'code' | 'message'>, words: Texts['problems']): string {
  return message === problemCodes[code] ? words[code] : message;
}

/** The same of a warning; what only this video tells stands behind the code's words, and stays as it is. Pure. */
export function warningInWords({ code, message }: Warning, words: Texts['warnings']): string {
  const standard: string | undefined = warningCodes[code];
  if (standard === undefined) return message;
  if (message === standard) return words[code];
  return message.startsWith(`${standard} `) ? words[code] + message.slice(standard.length) : message;
}
