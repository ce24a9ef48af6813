/**
 * Factors that are not negative and come closest, by the relative error: least squares by descending one factor after
 * the other. Pure.
 *
 * @param rows of quantities
 * @param spent what each row took
 */
export function fit(rows: number[][], spent: number[]): number[] {
  const columns = rows[0]?.length ?? 0;
  const scaled = rows.map((row, index) => row.map((value) => value / (spent[index] ?? 1)));
  const factors = Array<number>(columns).fill(0);
  for (let round = 0; round < 20_000; round++) {
    for (let column = 0; column < columns; column++) {
      let [above, below] = [0, 0];
      for (const row of scaled) {
        const value = row[column] ?? 0;
        const others = row.reduce((sum, one, at) => (at === column ? sum : sum + one * (factors[at] ?? 0)), 0);
        above += value * (1 - others);
        below += value * value;
      }
      factors[column] = below === 0 ? 0 : Math.max(0, above / below);
    }
  }
  return factors;
}
