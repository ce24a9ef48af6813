import type { Lab } from './delta-e.ts';

/**
 * What a color has to come out as, by the formulas of decision 43 and with nothing of the service's code: matrices are
 * made from the places of the primaries, curves are written again.
 */

export type Rgb = readonly [number, number, number];
type Rows = readonly [Rgb, Rgb, Rgb];

/** Places of red, green and blue in the CIE's x and y. */
const places = {
  bt709: [0.64, 0.33, 0.3, 0.6, 0.15, 0.06],
  bt2020: [0.708, 0.292, 0.17, 0.797, 0.131, 0.046],
  p3: [0.68, 0.32, 0.265, 0.69, 0.15, 0.06],
} as const;
const d65: Rgb = [0.3127 / 0.329, 1, (1 - 0.3127 - 0.329) / 0.329];

export interface Kind {
  transfer: 'hlg' | 'pq' | 'sdr';
  primaries: keyof typeof places;
  /** cd/m², of PQ. */
  peak?: number;
}

/** @returns R'G'B' of BT.709, 0 to 1, for a source's R'G'B' */
export function expectedColor(signal: Rgb, { transfer, primaries, peak = 1000 }: Kind): Rgb {
  const white = 203;
  const light = transfer === 'hlg' ? hlg(signal) : each(signal, transfer === 'pq' ? pqToLight : (one) => one ** 2.4);
  const inside = each(through(invert(toXyz('bt709')), through(toXyz(primaries), light)), (one) => Math.max(one, 0));
  if (transfer === 'sdr') return each(inside, (one) => Math.min(one, 1) ** (1 / 2.4));
  const target = Math.min(white, Math.max(100, white * (1000 / peak) ** 0.75));
  const brightest = Math.max(...inside);
  const factor = brightest === 0 ? 0 : eetf(brightest, peak, target) / brightest;
  return each(inside, (one) => Math.min(1, (one * factor) / target) ** (1 / 2.4));
}

/** CIELAB of R'G'B' as a BT.1886 display shows it. */
export function labOf(signal: Rgb): Lab {
  const xyz = through(
    toXyz('bt709'),
    each(signal, (one) => Math.min(1, Math.max(0, one)) ** 2.4),
  );
  const f = (share: number) => (share > 216 / 24389 ? Math.cbrt(share) : (share * 24389) / 27 / 116 + 16 / 116);
  const [x, y, z] = [f(xyz[0] / d65[0]), f(xyz[1]), f(xyz[2] / d65[2])];
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function hlg(signal: Rgb): Rgb {
  const a = 0.17883277;
  const c = 0.5 - a * Math.log(4 * a);
  const scene = each(signal, (one) => (one <= 0.5 ? one ** 2 / 3 : (Math.exp((one - c) / a) + 1 - 4 * a) / 12));
  const luminance = 0.2627 * scene[0] + 0.678 * scene[1] + 0.0593 * scene[2];
  return each(scene, (one) => 1000 * luminance ** 0.2 * one);
}

function pqToLight(signal: number): number {
  const root = signal ** (32 / 2523);
  return 10000 * (Math.max(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)) ** (8192 / 1305);
}

function pqFromLight(light: number): number {
  const power = (light / 10000) ** (1305 / 8192);
  return ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** (2523 / 32);
}

/** BT.2390, without a lift of black. */
function eetf(light: number, from: number, to: number): number {
  const e1 = Math.min(1, pqFromLight(light) / pqFromLight(from));
  const max = pqFromLight(to) / pqFromLight(from);
  const ks = 1.5 * max - 0.5;
  if (e1 < ks || max >= 1) return light;
  const t = (e1 - ks) / (1 - ks);
  const p = (2 * t ** 3 - 3 * t ** 2 + 1) * ks + (t ** 3 - 2 * t ** 2 + t) * (1 - ks) + (3 * t ** 2 - 2 * t ** 3) * max;
  return pqToLight(p * pqFromLight(from));
}

function toXyz(primaries: keyof typeof places): Rows {
  const [xr, yr, xg, yg, xb, yb] = places[primaries];
  const unscaled: Rows = [
    [xr / yr, xg / yg, xb / yb],
    [1, 1, 1],
    [(1 - xr - yr) / yr, (1 - xg - yg) / yg, (1 - xb - yb) / yb],
  ];
  const scale = through(invert(unscaled), d65);
  return unscaled.map((row) => row.map((one, index) => one * scale[index]!)) as unknown as Rows;
}

function invert([[a, b, c], [d, e, f], [g, h, i]]: Rows): Rows {
  const whole = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  return [
    [(e * i - f * h) / whole, (c * h - b * i) / whole, (b * f - c * e) / whole],
    [(f * g - d * i) / whole, (a * i - c * g) / whole, (c * d - a * f) / whole],
    [(d * h - e * g) / whole, (b * g - a * h) / whole, (a * e - b * d) / whole],
  ];
}

function through(rows: Rows, [x, y, z]: Rgb): Rgb {
  const row = ([a, b, c]: Rgb) => a * x + b * y + c * z;
  return [row(rows[0]), row(rows[1]), row(rows[2])];
}

function each([x, y, z]: Rgb, change: (one: number) => number): Rgb {
  return [change(x), change(y), change(z)];
}
