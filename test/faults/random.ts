/** Decisions that a seed repeats. Pure. */
export interface Random {
  /** At least 0, less than 1. */
  next(): number;
  /** A whole number from 0 to one less than `below`. */
  below(below: number): number;
  /** One of several, as often as its weight says. */
  pick<T extends { weight: number }>(choices: readonly T[]): T;
  /** Another sequence of the same seed: what draws more from one does not shift the other. */
  apart(name: string): Random;
}

export function random(seed: string): Random {
  // mulberry32, which is small and good enough to choose by.
  let state = hash(seed);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    below: (below) => Math.floor(next() * below),
    pick(choices) {
      const total = choices.reduce((sum, { weight }) => sum + weight, 0);
      let left = next() * total;
      for (const choice of choices) {
        left -= choice.weight;
        if (left < 0) return choice;
      }
      const last = choices.at(-1);
      if (!last) throw new Error('There is nothing to pick from.');
      return last;
    },
    apart: (name) => random(`${seed}/${name}`),
  };
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const sign of text) value = Math.imul(value ^ (sign.codePointAt(0) ?? 0), 0x01000193);
  return value | 0;
}
