import type { Cleanup } from '../test/kit/undo.ts';

/** What a measurement is given. */
export interface Run {
  /** Whatever it opens is closed with it, after Ctrl-C too. */
  t: Cleanup;
  say: (text: string) => void;
  /** Smaller and shorter, to see that it works: its figures are no verdict. */
  quick: boolean;
  /** The same seed, the same numbers drawn. */
  seed: number;
  /** Aborts on Ctrl-C. */
  signal: AbortSignal;
}

/** A target and what was measured. */
export interface Verdict {
  target: string;
  measured: string;
  met: boolean;
}

/** What a measurement answers: it is kept as JSON, and its verdicts are printed. */
export interface Measured {
  verdicts?: Verdict[];
  [figure: string]: unknown;
}

export interface Bench {
  /** One line for the list. */
  what: string;
  measure(run: Run): Promise<Measured>;
}

/** Whether a figure is small enough. Pure. */
export function atMost(what: string, measured: number, most: number, unit = ''): Verdict {
  return { target: `${what} ≤ ${most}${unit}`, measured: `${rounded(measured)}${unit}`, met: measured <= most };
}

/** Whether a figure is large enough. Pure. */
export function atLeast(what: string, measured: number, least: number, unit = ''): Verdict {
  return { target: `${what} ≥ ${least}${unit}`, measured: `${rounded(measured)}${unit}`, met: measured >= least };
}

/** Three digits that count. Pure. */
export function rounded(value: number): number {
  return Number(value.toPrecision(value >= 1000 ? 4 : 3));
}
