/** Colors by their primaries, in linear light. Pure. */

export type Triple = readonly [red: number, green: number, blue: number];

/** What makes luma of a signal, and the difference signals with it. */
export interface LumaWeights {
  red: number;
  blue: number;
}

/** BT.2020, BT.709 and BT.601. */
export const lumaWeights = {
  bt2020: { red: 0.2627, blue: 0.0593 },
  bt709: { red: 0.2126, blue: 0.0722 },
  bt601: { red: 0.299, blue: 0.114 },
} satisfies Record<string, LumaWeights>;

/** To the primaries of BT.709, rows of red, green, blue; all have the white of D65, which stays where it is. */
export const toBt709 = {
  // BT.2087.
  bt2020: [
    [1.660491, -0.5876411, -0.0728499],
    [-0.1245505, 1.1328999, -0.0083494],
    [-0.0181508, -0.1005789, 1.1187297],
  ],
  // SMPTE EG 432-1, by the primaries' and the white's places.
  p3: [
    [1.2249402, -0.2249402, 0],
    [-0.042057, 1.042057, 0],
    [-0.0196376, -0.0786361, 1.0982735],
  ],
  bt709: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
} satisfies Record<string, [Triple, Triple, Triple]>;

export function applied(matrix: readonly [Triple, Triple, Triple], [red, green, blue]: Triple): Triple {
  const row = ([r, g, b]: Triple) => r * red + g * green + b * blue;
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
}

export function luma([red, green, blue]: Triple, weights: LumaWeights): number {
  return weights.red * red + (1 - weights.red - weights.blue) * green + weights.blue * blue;
}
