import type { PictureScan } from './timeline-scan.ts';

/** What the container's header promises. */
export interface Claims {
  container: string;
  /** Pictures by the header's count; null where there is none. */
  frames: number | null;
  /** Length of the longest stream by the header, in seconds. */
  seconds: number | null;
  /** A box of an MP4 goes beyond the end of the file. */
  cutOff?: boolean;
  /** ffprobe ran into the end of the file where it expected more. */
  sawEndMissing: boolean;
}

/** How much of what is promised has to be there. */
const enough = 0.95;

/** Ticks a second that containers count by. A length of all ones in one of them says that the recorder did not know. */
const clocks = [
  600, 1000, 10_000, 12_288, 12_800, 15_360, 16_000, 24_000, 25_000, 30_000, 44_100, 48_000, 60_000, 90_000,
];
const longestPromise = 360_000;

function promised(seconds: number | null): number | null {
  if (seconds === null || seconds > longestPromise) return null;
  return clocks.some((ticks) => Math.abs(seconds - (2 ** 32 - 1) / ticks) < 0.01) ? null : seconds;
}

/**
 * Whether a source was cut off: the header promises more than the packet scan found. Pure.
 *
 * Neither measure is enough alone. An edit list hides pictures that are there, and a screen recording holds its last
 * picture long after its last packet; so pictures and time have to be missing both, or the file has to end too early.
 * @returns what is missing, for the operator; null when it is whole
 */
export function whatIsMissing(scan: PictureScan, claims: Claims): string | null {
  const seconds = promised(claims.seconds);
  const found = claims.frames === null ? Math.max(0, ...scan.streams_end_at.values()) : scan.ends_at;
  // The end of a file of fragments may be counted from a zero that lies before its first one.
  const timeMissing = seconds !== null && found + Math.max(0, scan.starts_at) < enough * seconds;
  const picturesMissing = claims.frames !== null && scan.packets < enough * claims.frames;
  const missing = `${scan.packets} of ${claims.frames ?? '?'} pictures, ${found.toFixed(3)} of ${seconds ?? '?'} s`;
  // Fragments, each of which promises itself alone.
  if (claims.cutOff && claims.frames === null) return missing;
  if (claims.sawEndMissing) return timeMissing || picturesMissing ? missing : null;
  if (claims.frames !== null) return timeMissing && picturesMissing ? missing : null;
  // A stray time stamp makes a length that nothing else is of.
  return timeMissing && scan.strays === 0 && promisesLength(claims.container) ? missing : null;
}

/**
 * Containers whose header holds the length of what was recorded. A Matroska file that is cut off is noticed by its end;
 * its header counts the time for which the last picture is held, which no packet tells. The length of a transport
 * stream is only an estimate.
 */
function promisesLength(container: string): boolean {
  return ['mov', 'avi', 'flv', 'asf'].some((name) => container.split(',').includes(name));
}
