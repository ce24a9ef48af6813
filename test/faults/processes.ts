import { readdir, readFile, readlink } from 'node:fs/promises';

export interface FoundProcess {
  pid: number;
  command: string;
}

/**
 * Processes that belong to a run: its folder is in their command line, is where they stand, or is mounted for them, as
 * it is for an FFmpeg that sees nothing but its own files.
 */
export async function processesOf(folder: string): Promise<FoundProcess[]> {
  const found: FoundProcess[] = [];
  for (const pid of await allProcesses()) {
    if (pid === process.pid) continue;
    const command = await text(`/proc/${pid}/cmdline`);
    const stands = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    const isOurs = command.includes(folder) || stands.startsWith(folder) || (await isMountedFor(pid, folder));
    if (isOurs) found.push({ pid, command: command.replaceAll('\0', ' ').trim() });
  }
  return found;
}

export async function childrenOf(parent: number): Promise<number[]> {
  const children: number[] = [];
  for (const pid of await allProcesses()) {
    // The command's name stands in brackets and may hold anything; the parent is the second word after it.
    const [, ppid] = (await text(`/proc/${pid}/stat`)).split(') ').at(-1)?.split(' ') ?? [];
    if (Number(ppid) === parent) children.push(pid);
  }
  return children;
}

/** Memory in use (bytes) and open file handles of a process, or null when it is gone. */
export async function usageOf(pid: number): Promise<{ rss: number; handles: number } | null> {
  const status = await text(`/proc/${pid}/status`);
  const rss = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
  const handles = await readdir(`/proc/${pid}/fd`).catch(() => null);
  return rss && handles ? { rss: Number(rss) * 1024, handles: handles.length } : null;
}

async function isMountedFor(pid: number, folder: string): Promise<boolean> {
  const own = await readlink('/proc/self/ns/mnt').catch(() => '');
  const its = await readlink(`/proc/${pid}/ns/mnt`).catch(() => own);
  return its !== own && (await text(`/proc/${pid}/mountinfo`)).includes(folder);
}

async function allProcesses(): Promise<number[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
}

function text(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
