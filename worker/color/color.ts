import { nominalPeak } from './light.ts';
import type { LutSpec } from './lut.ts';

/** What a file says of its colors, by ffprobe's names; null where it does not say. */
export interface SourceColor {
  /** ffprobe's `color_space`. */
  matrix: string | null;
  primaries: string | null;
  transfer: string | null;
  range: 'tv' | 'pc' | null;
  pixel_format: string;
  /** Stored size. */
  width: number;
  height: number;
  /** Peak of the mastering display and brightest pixel (MaxCLL), cd/m². */
  mastering_peak?: number | null;
  max_cll?: number | null;
}

export interface ColorWork {
  /** A change of matrix and range alone, or a table of colors. */
  kind: 'matrix' | 'lut';
  lut?: LutSpec;
  hdr: 'hlg' | 'pq' | null;
}

/** What has to be done to the colors, so that they are those of BT.709. Pure. */
export function colorWork(color: SourceColor): ColorWork {
  const hdr = hdrOf(color.transfer);
  const primaries = primariesOf(color, hdr);
  if (hdr === null && primaries === 'bt709') return { kind: 'matrix', hdr };
  const peak = hdr === 'pq' ? peakOf(color) : nominalPeak;
  return { kind: 'lut', lut: { transfer: hdr ?? 'sdr', primaries, matrix: matrixOf(color, primaries), peak }, hdr };
}

export function isRgb({ pixel_format }: Pick<SourceColor, 'pixel_format'>): boolean {
  return /rgb|gbr|bgr/.test(pixel_format);
}

function hdrOf(transfer: string | null): ColorWork['hdr'] {
  if (transfer === 'arib-std-b67') return 'hlg';
  return transfer === 'smpte2084' ? 'pq' : null;
}

/** Those of BT.601 are so near to BT.709's that players do not care; HDR that does not say has BT.2020's. */
function primariesOf({ primaries }: SourceColor, hdr: ColorWork['hdr']): LutSpec['primaries'] {
  if (primaries === 'bt2020') return 'bt2020';
  if (primaries === 'smpte432' || primaries === 'smpte431') return 'p3';
  return hdr !== null && primaries === null ? 'bt2020' : 'bt709';
}

/** By the file, else that which goes with the primaries; those of P3 have none, and go by size. */
function matrixOf(color: SourceColor, primaries: LutSpec['primaries']): LutSpec['matrix'] {
  if (isRgb(color)) return primaries === 'bt2020' ? 'bt2020' : 'bt709';
  if (color.matrix === 'bt709') return 'bt709';
  if (color.matrix === 'smpte170m' || color.matrix === 'bt470bg') return 'bt601';
  if (color.matrix !== null || primaries === 'bt2020') return 'bt2020';
  return Math.min(color.width, color.height) >= 720 ? 'bt709' : 'bt601';
}

/**
 * The brightest light of a PQ source: MaxCLL or the mastering display's peak, whichever is less, of those that can be
 * true. No less than 500, or reference white would be all but white; no more than 4,000, the brightest that is mastered on.
 */
function peakOf({ mastering_peak, max_cll }: SourceColor): number {
  const said = [mastering_peak, max_cll].filter((one): one is number => one != null && one >= 100 && one <= 10_000);
  const peak = said.length > 0 ? Math.min(...said) : nominalPeak;
  return Math.min(4000, Math.max(500, peak));
}
