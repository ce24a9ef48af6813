import { readdir, readFile, readlink } from 'node:fs/promises';

export interface Process {
  pid: number;
  command: string;
}

/** Live processes of this machine whose command line or environment has a text in it: ours, by folder or database. */
export async function processesWith(text: string): Promise<Process[]> {
  const found: Process[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    const folder = await readlink(`/proc/${name}/cwd`).catch(() => '');
    if (command.includes(text) || folder.includes(text)) {
      found.push({ pid: Number(name), command: command.replaceAll('\0', ' ').trim() });
    }
  }
  return found;
}

/** FFmpegs at work below a folder, each once, whatever it is started under. */
export async function ffmpegsIn(folder: string): Promise<Process[]> {
  return (await processesWith(folder)).filter(({ command }) => /^\S*ffmpeg /.test(command));
}
