import { setTimeout as pause } from 'node:timers/promises';
import type { Cleanup } from '../kit/undo.ts';
import type { QueueName } from './fleet.ts';
import { processesOf, usageOf } from './processes.ts';
import { table } from './report.ts';
import { endRun, openRun } from './run.ts';
import type { ServiceProcess } from './service-process.ts';

export interface Soak {
  minutes: number;
  /** Spread evenly over the time. */
  tasks: number;
  queue: QueueName;
  seed: string;
  say: (line: string) => void;
}

interface Sample {
  minute: number;
  rss: number;
  handles: number;
}

const SAMPLE_MS = 15_000;
/** Until caches are filled and code is compiled, a process grows: what comes before is not looked at. */
const WARM_UP = 0.2;

/** Runs the service for so long with a steady trickle of tasks, and watches what its processes hold. @returns exit code */
export async function soak(t: Cleanup, { minutes, tasks, queue, seed, say }: Soak): Promise<number> {
  const run = await openRun(t, { seed, fleet: { queue, env: { LEASE_SECONDS: '20' } }, unfinished: 0 });
  const watched = [...run.fleet.webs, ...run.fleet.workers];
  const samples = new Map<ServiceProcess, Sample[]>(watched.map((one) => [one, []]));
  const began = Date.now();
  const end = began + minutes * 60_000;
  const ending = new AbortController();
  const sampling = keepSampling(samples, began, ending.signal);
  for (let sent = 1; sent <= tasks; sent++) {
    await run.stream.send(run.stream.draw(), sent);
    if (sent % 50 === 0) say(`${((Date.now() - began) / 60_000).toFixed(1)} min  ${sent} tasks`);
    await pause(Math.max(0, began + (sent * (end - began)) / tasks - Date.now()));
  }
  ending.abort();
  await sampling;
  const rows = watched.map((one) => [one.name, ...trend(samples.get(one) ?? [])]);
  const running = await processesOf(run.fleet.passing.work);
  const { violations } = await endRun(run);
  say(`\n${table([HEAD, ...rows])}`);
  say(`${tasks} tasks in ${minutes} min; ${running.length} processes at work at the end`);
  say(`violations: ${violations.length}${violations.map(({ kind, what }) => `\n  ${kind}: ${what}`).join('')}`);
  return violations.length === 0 ? 0 : 1;
}

const HEAD = ['process', 'memory: first', 'last', 'slope', 'handles: first', 'last', 'slope'];

async function keepSampling(samples: Map<ServiceProcess, Sample[]>, began: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    for (const [one, of] of samples) {
      const usage = await usageOf(one.pid);
      if (usage) of.push({ minute: (Date.now() - began) / 60_000, ...usage });
    }
    await pause(SAMPLE_MS, undefined, { signal }).catch(() => {});
  }
}

/** First and last are means of five samples; the slope is that of the straight line closest to all. Pure. */
export function trend(samples: Sample[]): string[] {
  const warm = samples.slice(Math.floor(samples.length * WARM_UP));
  const of = (read: (sample: Sample) => number) => {
    const values = warm.map(read);
    return { first: mean(values.slice(0, 5)), last: mean(values.slice(-5)), slope: slopeOf(warm, read) };
  };
  const [rss, handles] = [of(({ rss }) => rss / 2 ** 20), of(({ handles }) => handles)];
  const signed = (value: number, unit: string) => `${value >= 0 ? '+' : ''}${value.toFixed(2)}${unit}/min`;
  return [
    ...[`${rss.first.toFixed(0)} MiB`, `${rss.last.toFixed(0)} MiB`, signed(rss.slope, ' MiB')],
    ...[handles.first.toFixed(0), handles.last.toFixed(0), signed(handles.slope, '')],
  ];
}

/** Least squares, by the minute. */
function slopeOf(samples: Sample[], read: (sample: Sample) => number): number {
  const [minute, value] = [mean(samples.map(({ minute: at }) => at)), mean(samples.map(read))];
  const covariance = samples.reduce((sum, sample) => sum + (sample.minute - minute) * (read(sample) - value), 0);
  const variance = samples.reduce((sum, sample) => sum + (sample.minute - minute) ** 2, 0);
  return variance === 0 ? 0 : covariance / variance;
}

function mean(values: number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
