/** What tells two lists of durations apart, when a machine does other things meanwhile. */
export function median(times: number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [below = 0, above = 0] = sorted.slice(middle - 1, middle + 1);
  return sorted.length % 2 ? above : (below + above) / 2;
}

/**
 * The Mann-Whitney U test: by how many standard deviations the ranks of two lists differ from those of two alike. It does
 * not mind outliers. Above 3 is once in 370 for lists that are alike.
 */
export function rankDifference(one: number[], other: number[]): number {
  const all = [...one.map((time) => ({ time, ours: true })), ...other.map((time) => ({ time, ours: false }))];
  all.sort((a, b) => a.time - b.time);
  const sum = all.reduce((total, { ours }, index) => (ours ? total + index + 1 : total), 0);
  const expected = (one.length * (all.length + 1)) / 2;
  const deviation = Math.sqrt((one.length * other.length * (all.length + 1)) / 12);
  return Math.abs(sum - expected) / deviation;
}
