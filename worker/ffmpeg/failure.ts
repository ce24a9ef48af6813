import { Problem } from '../../shared/task/problem.ts';

/** How FFmpeg ended. */
export interface Ending {
  /** null when a signal ended it. */
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** What the kernel ends a program with, for its faults and at its limits, by the number on Linux. */
const deadly: Readonly<Record<number, NodeJS.Signals>> = {
  ...{ 4: 'SIGILL', 6: 'SIGABRT', 7: 'SIGBUS', 8: 'SIGFPE', 9: 'SIGKILL', 11: 'SIGSEGV' },
  ...{ 24: 'SIGXCPU', 25: 'SIGXFSZ', 31: 'SIGSYS' },
};

/**
 * How a program ended, however it was started. Pure.
 * One in a sandbox is not our own child: that a signal ended it is told as 128 and the signal's number.
 */
export function endingOf(code: number | null, signal: NodeJS.Signals | null): Ending {
  const passedOn = code === null ? undefined : deadly[code - 128];
  return passedOn ? { code: null, signal: passedOn } : { code, signal };
}

/** What our layers begin a line with when they could not start the program. */
const layerSays = /^(bwrap|unshare|setpriv|prlimit): /m;

/** That a layer failed says nothing about the video: it is ours to mend. Pure. @returns null where none did */
export function layerFailure(said: string): Problem | null {
  return layerSays.test(said) ? new Problem('internal', `a layer round FFmpeg failed: ${said}`) : null;
}

/** The sound changed its channels, its rate or its form in the middle, which filters do not follow. */
export class SoundChanges extends Error {}

/** How FFmpeg says so. */
export const soundChanges = /Changing audio frame properties on the fly is not supported/;

/** How FFmpeg says that what it was asked for cannot be done with this file: the same again would end the same. */
const impossible =
  /Error (re)?initializing filter|Error reinitializing filters|Impossible to convert between the formats|Cannot select channel layout|Failed to inject frame into filter network: Invalid argument/;

/** FFmpeg's exit code when more pictures than `-max_error_rate` could not be decoded. */
const tooManyErrors = 69;

/**
 * What an FFmpeg that did not succeed means for the step. Pure.
 * @param said the end of what it printed, for the operator
 */
export function failureOf({ code, signal }: Ending, said: string): Problem {
  const ours = layerFailure(said);
  if (ours) return ours;
  const detail = `FFmpeg ended with ${signal ?? `code ${code}`}: ${said || 'no message'}`;
  if (code === tooManyErrors) return new Problem('source_truncated', detail);
  if (signal === null && impossible.test(said)) return new Problem('clip_impossible', detail);
  return new Problem('clip_failed', detail);
}
