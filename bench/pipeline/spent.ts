import { cpuSeconds, treeMemory, treeOf } from '../processes.ts';

/** What some work took. */
export interface Spent {
  wall: number;
  cpu: number;
  /** Most memory at one moment, in MB, shared pages by share. */
  mb: number;
  /** The same of FFmpeg and ffprobe alone. */
  tools_mb: number;
}

/** Looking costs the processor that the encoders want: some milliseconds a process. */
const LOOK_EVERY_MS = 1_000;

/**
 * Wall time, processor time and the peak of memory of some processes and all below them while work goes on.
 *
 * @param roots asked again at each look, for processes that come and go
 * @param cpu seconds of processor time so far, of all that counts
 */
export async function spentBy(
  work: () => Promise<void>,
  roots: () => readonly number[],
  cpu: () => Promise<number>,
): Promise<Spent> {
  const most = { all: 0, tools: 0 };
  let looking = Promise.resolve();
  const look = async () => {
    const sizes = await Promise.all(roots().map(treeMemory));
    for (const of of ['all', 'tools'] as const) {
      const now = sizes.reduce((sum, size) => sum + size[of], 0);
      most[of] = Math.max(most[of], now);
    }
  };
  const timer = setInterval(() => void (looking = looking.then(look)), LOOK_EVERY_MS);
  const [began, used] = [performance.now(), await cpu()];
  try {
    await work();
    const wall = (performance.now() - began) / 1000;
    return { wall, cpu: (await cpu()) - used, mb: most.all / 1e6, tools_mb: most.tools / 1e6 };
  } finally {
    clearInterval(timer);
    await looking;
  }
}

/** Of processes and all below them, those included that have ended and were waited for, s. */
export async function treeCpu(roots: readonly number[]): Promise<number> {
  const pids = (await Promise.all(roots.map(treeOf))).flat();
  const seconds = await Promise.all(pids.map(cpuSeconds));
  return seconds.reduce((sum, one) => sum + one, 0);
}
