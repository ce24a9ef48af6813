/** A packet as the scan sees it. */
export interface Packet {
  stream: number;
  /** Times as ffprobe prints them, in seconds; null for what the container does not say. */
  shown: number | null;
  decoded: number | null;
  duration: number | null;
  isKey: boolean;
  /** Decoded for others' sake but never shown: an edit list cuts it off. */
  isHidden: boolean;
}

/** What ffprobe is asked for; `readPacket` reads its lines. */
export const packetEntries = 'packet=stream_index,pts_time,dts_time,duration_time,flags';

/**
 * Reads a line of `-show_entries packet=stream_index,pts_time,dts_time,duration_time,flags -of csv=p=0`. Pure.
 * @returns null for a line that is no packet, such as the blank lines of side data
 */
export function readPacket(line: string): Packet | null {
  const [stream, shown, decoded, duration, flags] = line.split(',');
  if (flags === undefined || !/^\d+$/.test(stream ?? '')) return null;
  return {
    stream: Number(stream),
    shown: seconds(shown),
    decoded: seconds(decoded),
    duration: seconds(duration),
    isKey: flags.includes('K'),
    isHidden: flags.includes('D'),
  };
}

function seconds(text: string | undefined): number | null {
  const value = Number.parseFloat(text ?? '');
  return Number.isFinite(value) ? value : null;
}
