import { readFile, readdir } from 'node:fs/promises';

/** Of processes, from /proc. */

/** The kernel counts in hundredths of a second (proc(5), USER_HZ). */
const TICKS_A_SECOND = 100;

/** Processor time of a process and of the children that it has waited for, s; 0 when it is gone. */
export async function cpuSeconds(pid: number): Promise<number> {
  const { own, children } = await cpuOf(pid);
  return own + children;
}

/** Of programs that this process has started and that have ended, s: what else it has started runs on. */
export async function endedChildrenCpu(): Promise<number> {
  return (await cpuOf(process.pid)).children;
}

async function cpuOf(pid: number): Promise<{ own: number; children: number }> {
  const fields = (await read(`/proc/${pid}/stat`)).replace(/^.*\) /s, '').split(' ');
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15).map(Number);
  return { own: (user + system) / TICKS_A_SECOND, children: (childUser + childSystem) / TICKS_A_SECOND };
}

/** A process and all below it. */
export async function treeOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => [] as string[]);
  const lists = await Promise.all(threads.map((thread) => read(`/proc/${pid}/task/${thread}/children`)));
  const children = lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
  return [pid, ...(await Promise.all(children.map(treeOf))).flat()];
}

/** Memory of a process in bytes, its share of what it has in common with others (PSS). */
export async function memoryBytes(pid: number): Promise<number> {
  const rollup = await read(`/proc/${pid}/smaps_rollup`);
  return 1024 * Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0);
}

/** All memory that a process has, shared or not, bytes (RSS). */
export async function residentBytes(pid: number): Promise<number> {
  return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(await read(`/proc/${pid}/status`))?.[1] ?? 0);
}

/** Memory of a process and all below it, bytes; `tools` is what FFmpeg and ffprobe have of it. */
export async function treeMemory(pid: number): Promise<{ all: number; tools: number }> {
  const sizes = await Promise.all(
    (await treeOf(pid)).map(async (one) => ({ bytes: await memoryBytes(one), name: await read(`/proc/${one}/comm`) })),
  );
  const sum = (of: typeof sizes) => of.reduce((total, { bytes }) => total + bytes, 0);
  return { all: sum(sizes), tools: sum(sizes.filter(({ name }) => /^(ffmpeg|ffprobe)$/m.test(name))) };
}

function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
