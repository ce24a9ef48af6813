/** How often a window is looked at: a stall is noticed at most a tenth of a window late. */
export const ticksInWindow = 10;

/**
 * Measures a download over a sliding window. Call the answer once a tick, a tenth of the window, with all bytes so far.
 * @returns bytes a second over the last whole window, null as long as there has been none
 */
export function rateOver(windowSeconds: number): (bytes: number) => number | null {
  const marks = [0];
  return (bytes) => {
    marks.push(bytes);
    if (marks.length <= ticksInWindow) return null;
    return (bytes - (marks.shift() ?? 0)) / windowSeconds;
  };
}
