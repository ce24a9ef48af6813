import type { Gain } from '../../shared/task/media.ts';

/** No true peak beyond this, in dB of full scale (EBU R 128 s2, for streaming). */
const highestPeak = -1;

/** What is quieter as a whole is silence, in LUFS: the absolute gate of ITU-R BS.1770. */
const silence = -70;

/** More is never added, in dB: it would be noise. */
const mostAdded = 30;

/**
 * What makes a sound as loud as asked for. Pure.
 * One factor for all of it, so that parts of it fit together and its own dynamics stay; where its peaks would go too high,
 * those are limited.
 * @param measured of the whole sound, by EBU R 128: LUFS and dBTP
 * @param target in LUFS
 * @returns null where it is silent
 */
export function gainFor(measured: Pick<Gain, 'integrated' | 'true_peak'>, target: number): Gain | null {
  if (measured.integrated <= silence) return null;
  const db = Math.min(mostAdded, target - measured.integrated);
  return { ...measured, db: Math.round(db * 100) / 100, limited: measured.true_peak + db > highestPeak };
}

/** The same with more added, after limiting has taken something away. Pure. @param lu what is missing */
export function louder(gain: Gain, lu: number): Gain {
  return { ...gain, db: Math.round(Math.min(mostAdded, gain.db + lu) * 100) / 100 };
}

/** Takes in what FFmpeg's `ebur128` says at its end. */
export class Loudness {
  private integrated: number | null = null;
  private true_peak: number | null = null;

  read(line: string): void {
    const loud = /^\s*I:\s+(-?[\d.]+|-inf|nan) LUFS/.exec(line)?.[1];
    const peak = /^\s*Peak:\s+(-?[\d.]+|-inf) dBFS/.exec(line)?.[1];
    if (loud !== undefined) this.integrated = Number(loud);
    if (peak !== undefined) this.true_peak = peak === '-inf' ? -Infinity : Number(peak);
  }

  /** Null where it said nothing, or heard nothing. */
  get measured(): Pick<Gain, 'integrated' | 'true_peak'> | null {
    const { integrated, true_peak } = this;
    if (integrated === null || true_peak === null) return null;
    return Number.isFinite(integrated) && Number.isFinite(true_peak) ? { integrated, true_peak } : null;
  }
}
