import type { Task } from '../connect.ts';

/** A terminal, or whatever the output is sent to. */
export interface Out {
  isTTY?: boolean;
  write(text: string): unknown;
}

const BAR_WIDTH = 32;

/** Shows how far something is: one line that is drawn anew on a terminal, else a line whenever the text changes. */
export function progressOn(out: Out) {
  let last = '';
  return {
    /** @param fraction 0 to 1 */
    show(label: string, fraction: number, rest = ''): void {
      const line = out.isTTY ? `${label} ${bar(fraction)}${rest}` : label;
      if (line === last) return;
      last = line;
      out.write(out.isTTY ? `\r\u001b[2K${line}` : `${line}\n`);
    },
    end(): void {
      if (out.isTTY && last) out.write('\n');
      last = '';
    },
  };
}

/** Pure. */
export function bar(fraction: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * BAR_WIDTH);
  const percent = `${Math.floor(fraction * 100)} %`.padStart(5);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${percent}`;
}

/** What is told of a task that is under way. Pure. */
export function taskLine({ status, progress, parts }: Task): { label: string; fraction: number; rest: string } {
  const done = parts.filter(({ state }) => state === 'done').length;
  const counted = parts.length > 0 ? `, ${done} of ${parts.length} parts` : '';
  const eta = progress.eta_seconds ? `  ${progress.eta_seconds} s to go` : '';
  return { label: `${status}: ${progress.phase}${counted}`, fraction: progress.percent / 100, rest: eta };
}
