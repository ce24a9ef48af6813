import { readFile } from 'node:fs/promises';

/** Between two looks, ms: the kernel keeps the peak, so only what grew in a program's last moments is missed. */
const everyMs = 20;

/** The peaks of resident memory, in bytes, of the FFmpegs and ffprobes below this process while work goes on. */
export async function peakMemory<T>(work: () => Promise<T>): Promise<{ result: T; peak: number }> {
  let peak = 0;
  let looking: Promise<void> | undefined;
  const look = async () => {
    for (const id of await descendants(process.pid)) peak = Math.max(peak, await peakOf(id));
  };
  const timer = setInterval(() => {
    looking ??= look().finally(() => (looking = undefined));
  }, everyMs);
  try {
    const result = await work();
    return { result, peak };
  } finally {
    clearInterval(timer);
    await looking;
  }
}

async function descendants(id: number): Promise<number[]> {
  // Programs are started by the first thread, of Node as of the layers.
  const children = (await read(`/proc/${id}/task/${id}/children`)).split(' ').filter(Boolean).map(Number);
  return [...children, ...(await Promise.all(children.map(descendants))).flat()];
}

async function peakOf(id: number): Promise<number> {
  const status = await read(`/proc/${id}/status`);
  if (!/^Name:\s+ff(mpeg|probe)$/m.test(status)) return 0;
  return 1024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
}

function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
