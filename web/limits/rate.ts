/** How many places are remembered: some 20 MB. The one not heard of for longest is forgotten, and starts anew. */
const MOST_PLACES = 100_000;

/** What one place may use in a minute. It may use it all at once, and gets it back evenly. */
const WINDOW_MS = 60_000;

/**
 * Counts how often each place asks, in memory: nothing is written and nobody is waited for, so every process allows as
 * much again. The generic cell rate algorithm: of each place only the moment is kept at which it has all of its
 * allowance back.
 *
 * @returns takes one from a place's allowance; answers the seconds to wait when there is none left, else 0
 */
export function ratePerMinute(most: number, places = MOST_PLACES): (place: string, now: number) => number {
  const full = new Map<string, number>();
  const each = WINDOW_MS / most;
  return (place, now) => {
    const next = Math.max(full.get(place) ?? 0, now) + each;
    const wait = next - now - WINDOW_MS;
    // Rounding must not cost the last one.
    if (wait > each / 1000) return Math.ceil(wait / 1000);
    // Last in the order of the map, which is that of its keys' arrival.
    full.delete(place);
    full.set(place, next);
    if (full.size > places) full.delete(full.keys().next().value ?? '');
    return 0;
  };
}
