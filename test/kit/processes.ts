import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface Process {
  pid: number;
  command: string;
}

/**
 * Live processes of this machine whose command line or folder has a text in it: ours, by folder or database. Read in
 * one go: what lies in /proc is in memory, and handing each of its files to another thread takes seven times as long.
 */
export function processesWith(text: string): Promise<Process[]> {
  const found: Process[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const command = orEmpty(() => readFileSync(`/proc/${name}/cmdline`, 'utf8'));
    const folder = orEmpty(() => readlinkSync(`/proc/${name}/cwd`));
    if (command.includes(text) || folder.includes(text)) {
      found.push({ pid: Number(name), command: command.replaceAll('\0', ' ').trim() });
    }
  }
  return Promise.resolve(found);
}

/** FFmpegs at work below a folder, each once, whatever it is started under. */
export async function ffmpegsIn(folder: string): Promise<Process[]> {
  return (await processesWith(folder)).filter(({ command }) => /^\S*ffmpeg /.test(command));
}

/** A process that has ended meanwhile says nothing any more. */
function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
