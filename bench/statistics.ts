/** What is made of measured values. Pure; each is NaN of none. */

/** The value that so many percent of the values do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? NaN;
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

export interface Ratio {
  median: number;
  least: number;
  most: number;
}

/**
 * One measurement over the other, pair by pair: what slows the machine down for a while falls on both halves of a pair,
 * and their ratio keeps its worth.
 */
export function ratioOfPairs(ones: readonly number[], others: readonly number[]): Ratio {
  const ratios = ones.slice(0, others.length).map((one, index) => one / (others[index] ?? NaN));
  return { median: median(ratios), least: percentile(ratios, 0), most: percentile(ratios, 100) };
}

/** Numbers from 0 to 1 that look like chance and are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
