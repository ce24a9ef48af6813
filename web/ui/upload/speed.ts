/** How fast something grows, over the last seconds. */
const WINDOW_MS = 6_000;

export function speedometer(now: () => number = () => performance.now()) {
  let seen: { at: number; bytes: number }[] = [];
  return {
    /** Starts over: what lies between is a pause. */
    reset(): void {
      seen = [];
    },
    /** Bytes a second, or null while there is nothing to judge by. */
    measure(bytes: number): number | null {
      const at = now();
      seen = [...seen.filter((one) => at - one.at < WINDOW_MS), { at, bytes }];
      const first = seen[0];
      if (!first || at - first.at < 500) return null;
      return Math.max(0, ((bytes - first.bytes) / (at - first.at)) * 1000);
    },
  };
}
