import type { Retimed } from '../../shared/task/plan.ts';
import { Problem } from '../../shared/task/problem.ts';
import { Column, micro } from './numbers.ts';
import type { Packet } from './packet.ts';
import { timesOfStrays, withoutStrays } from './strays.ts';
import { Stretches } from './stretches.ts';

/**
 * The pictures of a source as its packets tell them. Pure.
 * Times are seconds from where the pictures or the sound begin, whichever is first.
 */
export interface PictureScan {
  /** Time stamp in the file of second 0. */
  starts_at: number;
  /** When each picture is shown, in showing order, strays left out. */
  times: Float64Array;
  /** When the last picture ends. */
  ends_at: number;
  /** The key pictures in file order: when each is shown, and when it is decoded. */
  keys: { shown: Float64Array; decoded: Float64Array };
  /** Pictures in the file, those too that an edit list hides. */
  packets: number;
  /** When the last packet of each stream ends, by the stream's number; missing for a stream without any. */
  streams_end_at: Map<number, number>;
  /** Pictures and pieces of the sound whose time stamps are far from all others. */
  strays: number;
  /** Pictures that are shown at another time than their time stamp says: what it says, and when they are shown. */
  retimed?: Retimed[];
}

/** A time stamp that goes back further than this starts a new time line in the middle of the file. */
const longestStepBack = 1;

/** So many packets after a step forward make it one; before that it may be a stray. */
const mostStray = 3;

/** So many strays are put where they are stored. */
const mostMoved = 10;
const longestStepOn = 30;

/** Takes in packets one after another and keeps 8 bytes a picture, so that hours of video fit in some megabytes. */
export class Scanner {
  private readonly times = new Column();
  private readonly keysShown = new Column();
  private readonly keysDecoded = new Column();
  private readonly streams = new Map<number, Stretches>();
  private packets = 0;
  private beyond = 0;
  private newestDecoded: number | null = null;
  private ahead: number[] = [];
  private last = { shown: -Infinity, duration: null as number | null };

  /** @param stream number of the stream of pictures; null for a source of sound alone */
  constructor(
    private readonly stream: number | null,
    private readonly most: { seconds: number; pictures: number },
  ) {}

  /** @throws Problem source_too_long as soon as that is certain, source_unsupported when time starts again */
  add(packet: Packet): void {
    const time = packet.shown ?? packet.decoded;
    if (time === null) return;
    const isPicture = packet.stream === this.stream;
    if (isPicture) this.addPicture(packet, time);
    if (packet.isHidden) return;
    const stream = this.streams.get(packet.stream) ?? new Stretches();
    this.streams.set(packet.stream, stream);
    stream.add(time, time + (packet.duration ?? 0));
  }

  /** Whether a stream has anything in it. */
  has(stream: number): boolean {
    return this.streams.has(stream);
  }

  /** When a stream ends, by its time stamps in the file; null without any. */
  endOf(stream: number): number | null {
    return this.streams.get(stream)?.span?.to ?? null;
  }

  /** @param sound the streams that the sound is made of, and when their headers say that they begin */
  finish(sound: readonly { index: number; begins_at?: number | null }[] = []): PictureScan {
    const stored = this.times.values();
    // By value, not as text: that is what a typed array does by itself. Pictures are stored in decoding order.
    const all = stored.slice().sort();
    const heard = span(sound.map((one) => begun(this.streams.get(one.index)?.span ?? null, one.begins_at)));
    const { from, to } = withoutStrays(all, heard);
    const real = all.subarray(from, to);
    const strays = all.length - real.length;
    // Many with one stamp cannot be told apart, and each is looked for.
    const moved = strays > 0 && strays <= mostMoved ? timesOfStrays(stored, real) : [];
    const shown = moved.length === 0 ? real : Float64Array.from([...real, ...moved.map((one) => one.to)]).sort();
    const begins = Math.min(real[0] ?? Infinity, heard?.from ?? Infinity);
    const starts_at = Number.isFinite(begins) ? begins : 0;
    const since = (time: number) => micro(time - starts_at);
    const times = shown.map(since);
    const ends = [...this.streams].flatMap(([stream, { span: found }]) =>
      found ? [[stream, since(found.to)] as const] : [],
    );
    return {
      ...{ starts_at, times, ends_at: this.lastPictureEnds(times, to < all.length), packets: this.packets },
      retimed: moved.map((one) => ({ from: since(one.from), to: since(one.to) })),
      keys: { shown: this.keysShown.values().map(since), decoded: this.keysDecoded.values().map(since) },
      streams_end_at: new Map(ends),
      strays: sound.reduce((sum, { index }) => sum + (this.streams.get(index)?.strays ?? 0), strays),
    };
  }

  private lastPictureEnds(times: Float64Array, lastIsStray: boolean): number {
    const last = times.at(-1);
    if (last === undefined) return 0;
    // One before a stray lasts till that by its container's account.
    return micro(Math.max(0, last + ((lastIsStray ? null : this.last.duration) ?? meanStep(times))));
  }

  private addPicture(packet: Packet, shown: number): void {
    this.packets++;
    const decoded = packet.decoded ?? shown;
    this.follow(decoded);
    if (packet.isKey) {
      this.keysShown.push(shown);
      this.keysDecoded.push(decoded);
    }
    if (packet.isHidden) return;
    this.times.push(shown);
    // A duration of 0 means that the container does not know.
    if (shown > this.last.shown) this.last = { shown, duration: packet.duration || null };
    if (shown > (this.times.at(0) ?? shown) + this.most.seconds) this.beyond++;
    if (this.beyond > mostStray || this.times.length > this.most.pictures) {
      throw new Problem('source_too_long', `picture ${this.times.length} at ${shown} s`);
    }
  }

  /** A step back is a clock that starts again, unless what it steps back from was a stray. */
  private follow(decoded: number): void {
    const newest = this.newestDecoded ?? decoded;
    if (decoded < newest - longestStepBack) {
      const at = `from ${newest} s to ${decoded} s`;
      throw new Problem('source_unsupported', `time stamps go back ${at}`, { words: clockWords });
    }
    if (decoded <= newest + longestStepOn || this.newestDecoded === null) {
      this.newestDecoded = Math.max(newest, decoded);
      this.ahead = [];
      return;
    }
    this.ahead.push(decoded);
    if (this.ahead.length > mostStray) this.newestDecoded = Math.max(...this.ahead);
  }
}

const clockWords =
  'The clock of this video starts again in the middle, as where two recordings were put behind each other. Send them one by one.';

function span(spans: ({ from: number; to: number } | null)[]): { from: number; to: number } | null {
  const real = spans.filter((one) => one !== null);
  if (real.length === 0) return null;
  return { from: Math.min(...real.map(({ from }) => from)), to: Math.max(...real.map(({ to }) => to)) };
}

/** An edit list may begin inside of the first packet. */
function begun(lies: { from: number; to: number } | null, begins_at: number | null = null) {
  if (lies === null || begins_at === null || begins_at < lies.from || begins_at > lies.from + longestPacket)
    return lies;
  return { ...lies, from: begins_at };
}

const longestPacket = 0.1;

function meanStep(times: Float64Array): number {
  const first = times.at(0);
  const last = times.at(-1);
  if (first === undefined || last === undefined || times.length < 2) return 1 / 25;
  return (last - first) / (times.length - 1);
}
