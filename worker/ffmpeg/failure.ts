import { Problem } from '../../shared/task/problem.ts';

/** How FFmpeg ended. */
export interface Ending {
  /** null when a signal ended it. */
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** FFmpeg's exit code when more pictures than `-max_error_rate` could not be decoded. */
const tooManyErrors = 69;

/**
 * What an FFmpeg that did not succeed means for the step. Pure.
 * @param said the end of what it printed, for the operator
 */
export function failureOf({ code, signal }: Ending, said: string): Problem {
  const detail = `FFmpeg ended with ${signal ?? `code ${code}`}: ${said || 'no message'}`;
  if (code === tooManyErrors) return new Problem('source_truncated', detail);
  return new Problem('clip_failed', detail);
}
