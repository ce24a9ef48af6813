/** From a signal to light and back, formula by formula. Pure. Signals are 0 to 1, light is cd/m². */

/** BT.2408: what a white sheet of paper has in HDR. HLG at 75 % and PQ at 58 % of the signal. */
export const referenceWhite = 203;
/** BT.2100: the reference display for HLG, and what a PQ source without metadata is taken for. */
export const nominalPeak = 1000;

// SMPTE ST 2084, as in BT.2100 table 4.
const m1 = 2610 / 16384;
const m2 = (2523 / 4096) * 128;
const c1 = 3424 / 4096;
const c2 = (2413 / 4096) * 32;
const c3 = (2392 / 4096) * 32;

export function pqLight(signal: number): number {
  const root = signal ** (1 / m2);
  return 10_000 * (Math.max(0, root - c1) / (c2 - c3 * root)) ** (1 / m1);
}

export function pqSignal(light: number): number {
  const power = (Math.max(0, light) / 10_000) ** m1;
  return ((c1 + c2 * power) / (1 + c3 * power)) ** m2;
}

/** HLG's signal to the light of the scene, 0 to 1: BT.2100 table 5. */
export function hlgScene(signal: number): number {
  const a = 0.17883277;
  const [b, c] = [1 - 4 * a, 0.5 - a * Math.log(4 * a)];
  return signal <= 0.5 ? signal ** 2 / 3 : (Math.exp((signal - c) / a) + b) / 12;
}

/** BT.1886 of a display whose black is black: what players assume of a bt709 signal. */
const displayGamma = 2.4;

export function sdrLight(signal: number): number {
  return signal ** displayGamma;
}

export function sdrSignal(light: number): number {
  return Math.min(1, Math.max(0, light)) ** (1 / displayGamma);
}

/**
 * The tone curve of BT.2390-8, section 5.4.1.1, for a display whose black is black: equal light below the knee, a
 * Hermite spline in PQ above it, so that `from` comes out as `to`.
 * @param from cd/m² of the brightest in the source
 * @param to cd/m² of the brightest that the display shows
 * @returns what a light, in cd/m², comes out as
 */
export function toneCurve(from: number, to: number): (light: number) => number {
  if (from <= to) return (light) => Math.min(light, to);
  const whole = pqSignal(from);
  const most = pqSignal(to) / whole;
  const knee = 1.5 * most - 0.5;
  return (light) => {
    const signal = Math.min(1, pqSignal(light) / whole);
    if (signal < knee) return light;
    const t = (signal - knee) / (1 - knee);
    const mapped =
      (2 * t ** 3 - 3 * t ** 2 + 1) * knee + (t ** 3 - 2 * t ** 2 + t) * (1 - knee) + (-2 * t ** 3 + 3 * t ** 2) * most;
    return pqLight(whole * mapped);
  };
}

/**
 * The peak of the SDR display that a source is mapped for, in cd/m²: reference white for a source of the nominal peak,
 * and less for a brighter one, or its reference white would drown. The exponent keeps that at 90 % of the signal for
 * sources up to 2,000; the least is the SDR display of BT.2035.
 */
export function displayPeak(from: number): number {
  return Math.min(referenceWhite, Math.max(100, referenceWhite * (nominalPeak / from) ** 0.75));
}
