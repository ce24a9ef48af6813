import { Problem } from '../../shared/task/problem.ts';

/**
 * The pictures of a source as its packets tell them. Pure.
 * Times are seconds from the container's first time stamp.
 */
export interface PictureScan {
  /** When each picture is shown, in showing order. */
  times: Float64Array;
  /** When the last picture ends. */
  ends_at: number;
  /** The key pictures in file order: when each is shown, and when it is decoded. */
  keys: { shown: Float64Array; decoded: Float64Array };
  /** Pictures in the file, those too that an edit list hides. */
  packets: number;
  /** When the last packet of each stream ends, by the stream's number; missing for a stream without any. */
  streams_end_at: Map<number, number>;
}

export interface Packet {
  stream: number;
  /** Times as ffprobe prints them; null for what the container does not say. */
  shown: number | null;
  decoded: number | null;
  duration: number | null;
  isKey: boolean;
  /** Decoded for others' sake but never shown: an edit list cuts it off. */
  isHidden: boolean;
}

/** A time stamp that goes back further than this starts a new time line in the middle of the file. */
const longestStepBack = 1;

/**
 * Reads a line of `-show_entries packet=stream_index,pts_time,dts_time,duration_time,flags -of csv=p=0`.
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

/** Takes in packets one after another and keeps 8 bytes a picture, so that hours of video fit in some megabytes. */
export class Scanner {
  private readonly times = new Column();
  private readonly keysShown = new Column();
  private readonly keysDecoded = new Column();
  private packets = 0;
  private readonly ends = new Map<number, number>();
  private newestDecoded = -Infinity;
  private last = { shown: -Infinity, duration: null as number | null };

  constructor(
    private readonly stream: number,
    private readonly startsAt: number,
    private readonly most: { seconds: number; pictures: number },
  ) {}

  /** @throws Problem source_too_long as soon as that is certain, source_unsupported when time runs backwards */
  add(packet: Packet): void {
    const time = packet.shown ?? packet.decoded;
    if (time === null) return;
    const shown = micro(time - this.startsAt);
    const end = micro(shown + (packet.duration ?? 0));
    this.ends.set(packet.stream, Math.max(end, this.ends.get(packet.stream) ?? 0));
    if (packet.stream === this.stream) this.addPicture(packet, shown);
  }

  finish(): PictureScan {
    // By value, not as text: that is what a typed array does by itself. Pictures are stored in decoding order.
    const times = this.times.values().sort();
    const ends_at = micro(Math.max(0, this.last.shown + (this.last.duration ?? meanStep(times))));
    return {
      times,
      ends_at: times.length === 0 ? 0 : ends_at,
      keys: { shown: this.keysShown.values(), decoded: this.keysDecoded.values() },
      packets: this.packets,
      streams_end_at: this.ends,
    };
  }

  private addPicture(packet: Packet, shown: number): void {
    this.packets++;
    const decoded = packet.decoded === null ? shown : micro(packet.decoded - this.startsAt);
    if (decoded < this.newestDecoded - longestStepBack) {
      throw new Problem('source_unsupported', `time stamps go back from ${this.newestDecoded} s to ${decoded} s`);
    }
    this.newestDecoded = Math.max(this.newestDecoded, decoded);
    if (packet.isKey) {
      this.keysShown.push(shown);
      this.keysDecoded.push(decoded);
    }
    if (packet.isHidden) return;
    this.times.push(shown);
    // A duration of 0 means that the container does not know.
    if (shown > this.last.shown) this.last = { shown, duration: packet.duration || null };
    if (shown > this.most.seconds || this.times.length > this.most.pictures) {
      throw new Problem('source_too_long', `picture ${this.times.length} at ${shown} s`);
    }
  }
}

/** Containers and ffprobe count in microseconds; what arithmetic adds behind them is noise. */
function micro(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}

function meanStep(times: Float64Array): number {
  const first = times.at(0);
  const last = times.at(-1);
  if (first === undefined || last === undefined || times.length < 2) return 1 / 25;
  return (last - first) / (times.length - 1);
}

/** Numbers that grow in number: an ordinary array of as many takes several times the memory. */
class Column {
  length = 0;
  private room = new Float64Array(1024);

  push(value: number): void {
    if (this.length === this.room.length) {
      const larger = new Float64Array(this.length * 2);
      larger.set(this.room);
      this.room = larger;
    }
    this.room[this.length++] = value;
  }

  values(): Float64Array {
    return this.room.slice(0, this.length);
  }
}
