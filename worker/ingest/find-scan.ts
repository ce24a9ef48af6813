import type { Tools } from '../ffmpeg/tools.ts';
import type { Header } from './header.ts';
import type { Lines } from './lines.ts';
import { lookAtLines, suspicion } from './look-at-lines.ts';
import type { PictureScan } from './timeline-scan.ts';

/** Where pictures are looked at, as parts of the whole. */
const well = [0.05, 0.25, 0.45, 0.65, 0.85];

const asTheyAre: Lines = { scan: 'progressive', topFirst: true };

/**
 * Whether the pictures are interlaced: by looking at them, well where the header says so or the first ones seem to be. What
 * does not move is left as it is.
 * @param first what the first ones looked like
 */
export async function findScan(
  path: string,
  { container, video, fileStartsAt }: Header,
  { times, keys, starts_at }: PictureScan,
  first: Lines | null,
  options: { tools: Tools; signal: AbortSignal; folder?: string },
): Promise<Lines> {
  const suspected = video ? suspicion(video) : null;
  if (!video || suspected === null) return asTheyAre;
  if (suspected === 'once' && (first === null || first.scan === 'progressive')) return asTheyAre;
  const from = starts_at - fileStartsAt;
  const keysAt = new Set(well.map((share) => keyBefore(keys.shown, times[Math.floor(share * times.length)] ?? 0)));
  // The beginning is read without a seek.
  const places = [...keysAt].map((key) => (key === null ? 0 : key + from));
  return (await lookAtLines(path, { container, video, places }, options)) ?? first ?? asTheyAre;
}

/** @returns null for the first one, and where there is none */
function keyBefore(keys: Float64Array, time: number): number | null {
  const at = keys.findLastIndex((key) => key <= time);
  return at > 0 ? (keys[at] ?? null) : null;
}
