/**
 * What FFmpeg writes on stderr, taken apart. Pure.
 * Our runs print errors and, twice a second, a line such as `frame=  528 fps=0.0 q=26.0 Lsize=      59kB time=…`.
 */
export type OutputLine = { kind: 'progress'; frames: number } | { kind: 'message'; text: string };

/** @returns null for an empty line */
export function readLine(line: string): OutputLine | null {
  const text = line.trim();
  if (text === '') return null;
  const frames = /^frame=\s*(\d+)\s/.exec(text)?.[1];
  if (frames !== undefined) return { kind: 'progress', frames: Number(frames) };
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
