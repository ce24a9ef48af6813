/** Values counted in buckets, with what mean and deviation are made of. Pure. */
export interface Distribution {
  /** Upper ends of the buckets, ascending; a value on an end counts below it. */
  bounds: readonly number[];
  /** One more than bounds: the last one holds what lies above them all. */
  counts: number[];
  count: number;
  sum: number;
  mean: number;
  /** Sum of the squared distances from the mean. */
  squares: number;
}

export function emptyDistribution(bounds: readonly number[]): Distribution {
  return { bounds, counts: new Array<number>(bounds.length + 1).fill(0), count: 0, sum: 0, mean: 0, squares: 0 };
}

/** Adds a value, by Welford's method: the squares of large values do not swallow small differences. */
export function observe(distribution: Distribution, value: number): void {
  const { bounds, counts } = distribution;
  const found = bounds.findIndex((bound) => value <= bound);
  const bucket = found === -1 ? bounds.length : found;
  counts[bucket] = (counts[bucket] ?? 0) + 1;
  const before = value - distribution.mean;
  distribution.count++;
  distribution.sum += value;
  distribution.mean += before / distribution.count;
  distribution.squares += before * (value - distribution.mean);
}

/** As it is now, not touched by what is observed later. */
export function copyOf(distribution: Distribution): Distribution {
  return { ...distribution, counts: [...distribution.counts] };
}
