/**
 * What FFmpeg writes on stderr, taken apart. Pure.
 * Our runs print each message with its level and, twice a second, a line such as `[info] frame=  528 fps=0.0 q=26.0 …`.
 */
export type OutputLine =
  | { kind: 'progress'; frames: number }
  /** A packet that could not be decoded; `isPicture` is false for sound. */
  | { kind: 'damage'; isPicture: boolean; text: string }
  /** Processor time of the whole run, told by one that ended well. */
  | { kind: 'spent'; cpuSeconds: number }
  | { kind: 'message'; text: string };

/** How FFmpeg 5 and FFmpeg 7 say that a packet could not be decoded. */
const damage = [
  /^Error while decoding stream #0:\d+/,
  /^\[(?<kind>[va])ist#.* (Error submitting packet to decoder|Decoding error)/,
];

/** Where a message comes from, and how bad it is: `[h264 @ 0x55d0] [error] `. A layer's own messages have neither. */
const level = /^((?:\[[^\]]+ @ 0x[0-9a-f]+\] )*)\[(\w+)\] /;
const harmless = /^(warning|info|verbose|debug)$/;

/** @returns null for an empty line, and for a message that is no error */
export function readLine(line: string): OutputLine | null {
  // What begins with spaces is no word of FFmpeg's own: so the title of a video cannot pass for one.
  const text = line.replace(level, '$1').trimEnd();
  if (text === '') return null;
  const frames = /^frame=\s*(\d+)\s/.exec(text)?.[1];
  if (frames !== undefined) return { kind: 'progress', frames: Number(frames) };
  const spent = /^bench: utime=([\d.]+)s stime=([\d.]+)s/.exec(text);
  if (spent) return { kind: 'spent', cpuSeconds: Number(spent[1]) + Number(spent[2]) };
  if (harmless.test(level.exec(line)?.[2] ?? '')) return null;
  for (const pattern of damage) {
    const found = pattern.exec(text);
    // FFmpeg 5 does not tell sound from pictures; the first input of our commands gives pictures only.
    if (found) return { kind: 'damage', isPicture: found.groups?.kind !== 'a', text };
  }
  return { kind: 'message', text };
}

/** The last lines of a talkative program: damaged video makes FFmpeg print thousands. */
export class Tail {
  private readonly lines: string[] = [];

  /** @param most lines kept, each of at most 300 characters */
  constructor(private readonly most = 20) {}

  add(line: string): void {
    this.lines.push(line.length > 300 ? `${line.slice(0, 299)}…` : line);
    if (this.lines.length > this.most) this.lines.shift();
  }

  toString(): string {
    return this.lines.join('\n');
  }
}
