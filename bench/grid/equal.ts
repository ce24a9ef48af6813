/** One encoding of one content. */
export interface Point {
  preset: string;
  crf: number;
  /** Likeness to what it was made of, 0 to 1. */
  ssim: number;
  bytes: number;
  /** Processor seconds. */
  cpu: number;
}

/** What a preset takes to look as well as something else does. */
export interface Equal {
  crf: number;
  bytes: number;
  cpu: number;
}

/**
 * What a preset takes for a given likeness, between the CRFs that were measured and beyond them by half a step at most.
 * Pure. Likeness is taken in decibels, in which it goes about evenly with CRF, as does the logarithm of the size.
 *
 * @param points of one preset and content, two at least
 * @returns null where it was not measured so good or so bad
 */
export function atEqual(points: readonly Point[], ssim: number): Equal | null {
  const wanted = decibels(ssim);
  const sorted = points.toSorted((one, other) => one.crf - other.crf);
  const pairs = sorted.slice(1).map((after, index) => [sorted[index]!, after] as const);
  const within = pairs.find(([better, worse]) => wanted <= decibels(better.ssim) && wanted >= decibels(worse.ssim));
  const [better, worse] = within ?? (wanted > decibels(sorted[0]?.ssim ?? 1) ? pairs[0] : pairs.at(-1)) ?? [];
  if (!better || !worse || better.ssim === worse.ssim) return null;
  const along = (decibels(better.ssim) - wanted) / (decibels(better.ssim) - decibels(worse.ssim));
  if (along < -0.5 || along > 1.5) return null;
  const between = (from: number, to: number) => from + along * (to - from);
  return {
    crf: between(better.crf, worse.crf),
    bytes: Math.exp(between(Math.log(better.bytes), Math.log(worse.bytes))),
    cpu: between(better.cpu, worse.cpu),
  };
}

/** So that a step from .99 to .995 counts as much as one from .9 to .95. Pure. */
export function decibels(ssim: number): number {
  return -10 * Math.log10(Math.max(1e-6, 1 - ssim));
}

/** For ratios, whose mean has to be the same seen from either side. Pure. */
export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}
