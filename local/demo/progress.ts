import { setTimeout as wait } from 'node:timers/promises';
import type { DemoPart, DemoTask } from './client.ts';

const READ_EVERY_MS = 250;
const BAR_WIDTH = 32;

/** The terminal, or whatever the output is sent to. */
interface Out {
  isTTY?: boolean;
  write(text: string): unknown;
}

/** Shows a task until it ends: a live bar a part on a terminal, else a line whenever a part is done. */
export async function showProgress(read: () => Promise<DemoTask>, out: Out, signal: AbortSignal): Promise<DemoTask> {
  const show = out.isTTY ? redraw(out) : printLines(out);
  for (;;) {
    const task = await read();
    show(task);
    if (task.status !== 'pending' && task.status !== 'running') return task;
    await wait(READ_EVERY_MS, undefined, { signal });
  }
}

function redraw(out: Out): (task: DemoTask) => void {
  let drawn = 0;
  return (task) => {
    const lines = progressLines(task);
    const up = drawn > 0 ? `\u001b[${drawn}A` : '';
    // Each line is cleared as it is written anew, so that a shorter one leaves no rest of the longer.
    out.write(up + lines.map((line) => `\u001b[2K${line}\n`).join(''));
    drawn = lines.length;
  };
}

function printLines(out: Out): (task: DemoTask) => void {
  const printed = new Set<number>();
  return (task) => {
    for (const part of task.parts) {
      if (part.state !== 'done' || printed.has(part.part)) continue;
      printed.add(part.part);
      out.write(`${partLine(part)}\n`);
    }
  };
}

/** What is shown of a task: a line a part, and one for the whole. Pure. */
export function progressLines(task: DemoTask): string[] {
  const { phase, percent, eta_seconds: eta } = task.progress;
  const rest = eta === null || eta === 0 ? '' : `, ${eta} s to go`;
  return [...task.parts.map(partLine), `${task.status}: ${phase}, ${Math.floor(percent)} %${rest}`];
}

function partLine(part: DemoPart): string {
  const filled = Math.round(part.progress * BAR_WIDTH);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
  const percent = `${Math.floor(part.progress * 100)} %`.padStart(5);
  return `part ${part.part}  ${time(part.start)}–${time(part.end)}  ${bar} ${percent}  ${part.state}`;
}

function time(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(1).padStart(4, '0')}`;
}
