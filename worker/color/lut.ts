import { converter, type LutSpec } from './convert.ts';
import { luma, lumaWeights, type Triple } from './gamut.ts';

export type { LutSpec } from './convert.ts';

/**
 * Points an axis of the table. Measured: 33 are off by a mean ΔE2000 below 0.2 from what lies between them, 65 would
 * take eight times as long to make and to load.
 */
export const points = 33;

/** Codes of 10 bits, limited range: BT.2100 table 9. */
const code = { black: 64, luma: 876, zero: 512, chroma: 896 };

/**
 * The curve of grays, code of luma in and out, straight between the table's points: grays lie on its diagonal, so that
 * table and curve are equal there.
 */
export function grayCurve(spec: LutSpec): { from: number; to: number }[] {
  const convert = converter(spec);
  return Array.from({ length: points }, (_, index) => {
    const signal = index / (points - 1);
    const [gray] = convert([signal, signal, signal]);
    return { from: code.black + code.luma * signal, to: code.black + code.luma * gray };
  });
}

/**
 * The table as text, in the .cube format (red changes fastest). From a source's R'G'B' it leads to BT.709's two color
 * differences, as red (Cr) and blue (Cb), and as green to what the gray curve is off from BT.709's luma: `toSdr` has the
 * luma of all pixels from the curve, and what this table says from a quarter of them.
 */
export function lutText(spec: LutSpec): string {
  const convert = converter(spec);
  const curve = grayCurve(spec);
  const axis = Array.from({ length: points }, (_, index) => index / (points - 1));
  const lines = [`LUT_3D_SIZE ${points}`];
  for (const blue of axis)
    for (const green of axis) for (const red of axis) lines.push(entry([red, green, blue], convert, curve, spec));
  return `${lines.join('\n')}\n`;
}

function entry(
  signal: Triple,
  convert: (signal: Triple) => Triple,
  curve: ReturnType<typeof grayCurve>,
  spec: LutSpec,
) {
  const out = convert(signal);
  const outLuma = luma(out, lumaWeights.bt709);
  const gray = along(curve, luma(signal, lumaWeights[spec.matrix]));
  const off = code.zero + code.black + code.luma * outLuma - gray;
  const cb = code.zero + (code.chroma * (out[2] - outLuma)) / (2 * (1 - lumaWeights.bt709.blue));
  const cr = code.zero + (code.chroma * (out[0] - outLuma)) / (2 * (1 - lumaWeights.bt709.red));
  return `${share(cr)} ${share(off)} ${share(cb)}`;
}

/** @param at 0 to 1 */
function along(curve: ReturnType<typeof grayCurve>, at: number): number {
  const place = at * (points - 1);
  const index = Math.min(points - 2, Math.floor(place));
  const [before, after] = [curve[index]!.to, curve[index + 1]!.to];
  return before + (place - index) * (after - before);
}

/** A code of 10 bits, as the share of all that 16 bits hold: what FFmpeg multiplies a table's values by. */
function share(tenBits: number): string {
  return Math.min(1, Math.max(0, (tenBits * 64) / 65_535)).toFixed(5);
}
