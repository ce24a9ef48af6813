import { seeded } from '../statistics.ts';

/** How long the encode of a part is taken to be, ms: 1 to 2 s, the same for the same part. The finish step takes none. Pure. */
export function encodeMs(part: number | null): number {
  return part === null ? 0 : 1_000 + 1_000 * seeded(part)();
}

/** How long so many parts take one worker, ms, when each costs so much besides its encode. Pure. */
export function aloneMs(parts: number, overheadMs: number): number {
  return numbers(parts).reduce((sum, part) => sum + encodeMs(part) + overheadMs, 0);
}

/**
 * The least that so many workers can take, ms: whoever is free takes the next part, and nothing costs any time. Parts are
 * not divisible, so even this is less than linear. Pure.
 */
export function leastMs(parts: number, workers: number): number {
  const free = Array.from({ length: workers }, () => 0);
  for (const part of numbers(parts)) {
    const next = free.indexOf(Math.min(...free));
    free[next] = (free[next] ?? 0) + encodeMs(part);
  }
  return Math.max(...free);
}

/** A part, and when it was claimed, ms after the first could be. */
export interface Begun {
  part: number;
  at: number;
}

/** How many encodes ran at once, on average, until the last part was claimed: from then on some workers have no work. Pure. */
export function encodesAtOnce(begun: readonly Begun[]): number {
  const end = Math.max(...begun.map(({ at }) => at));
  return begun.reduce((sum, { part, at }) => sum + Math.min(encodeMs(part), end - at), 0) / end;
}

function numbers(parts: number): number[] {
  return Array.from({ length: parts }, (_, index) => index + 1);
}
