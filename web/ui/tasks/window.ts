/** Which rows of a long list are drawn: those in sight and some around. Pure. */
export interface Sight {
  /** Of the list's upper edge over the upper edge of what is in sight, px. */
  above: number;
  /** Height of what is in sight, px. */
  height: number;
  rowHeight: number;
  count: number;
}

/** So many more above and below: scrolling and tabbing meet rows that are there. */
const AROUND = 8;

/** The first row, and the one after the last. */
export function rowsInSight({ above, height, rowHeight, count }: Sight): { from: number; to: number } {
  const from = Math.floor(above / rowHeight) - AROUND;
  const to = Math.ceil((above + height) / rowHeight) + AROUND;
  const within = (value: number) => Math.min(Math.max(value, 0), count);
  return { from: within(from), to: within(to) };
}
