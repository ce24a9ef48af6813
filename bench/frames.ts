import type { Page } from 'playwright-core';
import { percentile } from './statistics.ts';

/** How smooth a page was for a while. Times in ms. */
export interface Smoothness {
  frames: number;
  frame_p50: number;
  frame_p95: number;
  frame_worst: number;
  /** Tasks of the page's main thread over 50 ms, and the longest. */
  long_tasks: number;
  longest_task: number;
  /** Processor time of the main thread: of 16.7 ms at best. Unlike the others, the same on a busy machine. */
  cpu_a_frame: number;
}

const BEGIN = `(() => {
  const seen = { frames: [], tasks: [], on: true };
  window.seen = seen;
  const observer = new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map((one) => one.duration)));
  observer.observe({ type: 'longtask' });
  let last = performance.now();
  const frame = (now) => {
    seen.frames.push(now - last);
    last = now;
    if (seen.on) requestAnimationFrame(frame);
    else observer.disconnect();
  };
  requestAnimationFrame(frame);
})()`;

/** Watches frames and long tasks while something is done. */
export async function whileWatching(page: Page, act: () => Promise<void>): Promise<Smoothness> {
  const cpu = await mainThread(page);
  const used = await cpu();
  await page.evaluate(BEGIN);
  await act();
  const spent = (await cpu()) - used;
  const { frames, tasks } = await page.evaluate<{ frames: number[]; tasks: number[] }>(
    '(window.seen.on = false, window.seen)',
  );
  const of = (percent: number) => Number(percentile(frames, percent).toFixed(1));
  return {
    frames: frames.length,
    frame_p50: of(50),
    frame_p95: of(95),
    frame_worst: of(100),
    long_tasks: tasks.length,
    longest_task: Math.round(Math.max(0, ...tasks)),
    cpu_a_frame: Number((spent / frames.length).toFixed(1)),
  };
}

/** How to read the processor time that the page's main thread has spent in tasks, ms. */
async function mainThread(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN) * 1000;
  };
}

/** Scrolls down a little with each frame, to the end of the page or until the time is over. */
export async function scrollDown(page: Page, seconds: number, pixels: number): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    const end = performance.now() + ${seconds * 1000};
    scrollTo(0, 0);
    const step = () => {
      scrollBy(0, ${pixels});
      const isAtEnd = innerHeight + scrollY >= document.documentElement.scrollHeight;
      if (isAtEnd || performance.now() > end) resolve();
      else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  })`);
}
