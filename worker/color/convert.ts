import { applied, lumaWeights, luma, toBt709, type Triple } from './gamut.ts';
import { displayPeak, hlgScene, nominalPeak, pqLight, sdrLight, sdrSignal, toneCurve } from './light.ts';

/** What a table of colors is made for. Plain data: the same spec, the same table. */
export interface LutSpec {
  /** `sdr` is any curve of a picture that is not HDR: its signal keeps its meaning, only the primaries change. */
  transfer: 'hlg' | 'pq' | 'sdr';
  primaries: keyof typeof toBt709;
  /** What the source's luma is made with. */
  matrix: keyof typeof lumaWeights;
  /** Brightest light of the source, cd/m²; 1,000 for HLG, of no meaning for `sdr`. */
  peak: number;
}

/**
 * The color of SDR (R'G'B' of BT.709, 0 to 1) for a source's R'G'B'. Pure; decision 43 has the reasons.
 *
 * To the light of a display, to BT.709's primaries there, what lies outside them cut off at their edge; then all three
 * dimmed alike, by what the tone curve does to the brightest, so that no hue changes; and to BT.1886's signal.
 */
export function converter(spec: LutSpec): (signal: Triple) => Triple {
  const matrix = toBt709[spec.primaries];
  const light = toLight(spec);
  const dimmed = dimming(spec);
  return (signal) => {
    const [red, green, blue] = applied(matrix, light(signal));
    const factor = dimmed(Math.max(0, red, green, blue));
    return [sdrSignal(red * factor), sdrSignal(green * factor), sdrSignal(blue * factor)];
  };
}

function toLight({ transfer }: LutSpec): (signal: Triple) => Triple {
  if (transfer !== 'hlg') {
    const one = remembered(transfer === 'pq' ? pqLight : sdrLight);
    return ([red, green, blue]) => [one(red), one(green), one(blue)];
  }
  const scene = remembered(hlgScene);
  return ([red, green, blue]) => displayed([scene(red), scene(green), scene(blue)]);
}

/** BT.2100's display of 1,000 cd/m²: the system's gamma is 1.2, on the scene's luminance. */
function displayed(scene: Triple): Triple {
  const factor = nominalPeak * luma(scene, lumaWeights.bt2020) ** 0.2;
  return [scene[0] * factor, scene[1] * factor, scene[2] * factor];
}

/** A table asks for few signals, and for each of them a thousand times. */
function remembered(curve: (signal: number) => number): (signal: number) => number {
  const known = new Map<number, number>();
  return (signal) => {
    const light = known.get(signal) ?? curve(signal);
    known.set(signal, light);
    return light;
  };
}

/** What a light is multiplied by, so that 1 is the brightest of SDR. */
function dimming({ transfer, peak }: LutSpec): (light: number) => number {
  if (transfer === 'sdr') return () => 1;
  const to = displayPeak(peak);
  const toned = toneCurve(peak, to);
  return (light) => (light > 0 ? toned(light) / light / to : 0);
}
