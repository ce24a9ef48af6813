/** One FFmpeg command as data, so that it can be decided, compared and tested without running it. */
export interface Command {
  /** Each address with the options that stand before its `-i`. */
  inputs: { address: string; options: string[] }[];
  /** Chains of the filter graph; empty for none. */
  filters: string[];
  /** Options of the output. */
  options: string[];
  /** Address of the output, which is overwritten. */
  output: string;
  /** Further outputs, in the same folder. */
  more?: { options: string[]; output: string }[];
  /** Paths of files that an input names. */
  alsoReads?: string[];
}

/**
 * Options for every run: no questions asked, on stderr each message with its level, however often, the progress line,
 * and at the end what the run took of the processor, which is told at no quieter level.
 */
export const quietFlags = [
  '-nostdin',
  '-y',
  '-hide_banner',
  '-loglevel',
  'repeat+level+info',
  '-benchmark',
  '-stats',
  '-stats_period',
  '0.5',
];
