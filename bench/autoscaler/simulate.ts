import type { Arrival } from './day.ts';

/** The group's policy, and how its metric and its machines behave. Times in seconds. */
export interface Policy {
  signal: 'messages' | 'video';
  /** Messages an instance; or seconds of video, waiting or at work, a slot. */
  target: number;
  minimum: number;
  maximum: number;
  bootSeconds: number;
  stabilizationSeconds: number;
  /** Between a change and its being seen by the autoscaler. */
  metricDelay: number;
  slots: number;
  partSeconds: number;
  /** Of one slot, for one second of video. */
  slotSecondsASecond: number;
  /** Of one slot, for each part besides. */
  overheadSeconds: number;
}

export interface Day {
  /** From each video's submission to its first part's start, and to its last part's end. */
  firstPart: number[];
  whole: number[];
  machineHours: number;
  most: number;
  /** Parts whose machine was taken away under them, and that began anew. */
  cutOff: number;
}

interface Part {
  task: number;
  seconds: number;
}
interface Machine {
  readyAt: number;
  busy: { part: Part; until: number }[];
}

/** How often the autoscaler looks, and the metric is sampled. */
const LOOK_EVERY = 15;
const SAMPLE_EVERY = 60;
const DAY = 24 * 3600;

/**
 * A day of a group of workers, second by second, until all is done. Parts go out in the order in which they came; a
 * machine that is taken away gives its parts back. The group shrinks to the largest size wanted within its stabilization.
 * Pure.
 */
export function simulateDay(arrivals: readonly Arrival[], policy: Policy): Day {
  const day: Day = { firstPart: [], whole: [], machineHours: 0, most: 0, cutOff: 0 };
  const left = arrivals.map(({ seconds }) => Math.ceil(seconds / policy.partSeconds));
  const machines: Machine[] = [];
  const waiting: Part[] = [];
  const seen: number[] = [];
  const wanted: { at: number; size: number }[] = [];
  let next = 0;
  for (let now = 0; now < DAY || waiting.length > 0 || machines.some(({ busy }) => busy.length > 0); now++) {
    for (; (arrivals[next]?.at ?? Infinity) <= now; next++) waiting.push(...partsOf(next, arrivals[next], policy));
    work(now);
    if (now % SAMPLE_EVERY === 0) seen.push(load());
    if (now % LOOK_EVERY === 0) resize(now);
    day.machineHours += machines.length / 3600;
    day.most = Math.max(day.most, machines.length);
  }
  return day;

  function work(now: number): void {
    for (const machine of machines) {
      machine.busy = machine.busy.filter(({ part, until }) => until > now || ended(part, now));
      while (machine.readyAt <= now && machine.busy.length < policy.slots && waiting.length > 0) begin(machine, now);
    }
  }

  /** Answers that it is at work no more. */
  function ended({ task }: Part, now: number): false {
    left[task] = (left[task] ?? 0) - 1;
    if (left[task] === 0) day.whole.push(now - (arrivals[task]?.at ?? now));
    return false;
  }

  function begin(machine: Machine, now: number): void {
    const part = waiting.shift();
    if (!part) return;
    day.firstPart[part.task] ??= now - (arrivals[part.task]?.at ?? now);
    machine.busy.push({ part, until: now + policy.overheadSeconds + part.seconds * policy.slotSecondsASecond });
  }

  /** What the signal counts: a message is held, and a part is not done, as long as it is at work. */
  function load(): number {
    const parts = [...waiting, ...machines.flatMap(({ busy }) => busy.map(({ part }) => part))];
    if (policy.signal === 'messages') return parts.length;
    return parts.reduce((sum, { seconds }) => sum + seconds, 0);
  }

  function resize(now: number): void {
    const latest = seen[Math.floor((now - policy.metricDelay) / SAMPLE_EVERY)] ?? 0;
    const each = policy.signal === 'messages' ? policy.target : policy.target * policy.slots;
    wanted.push({ at: now, size: clamp(Math.ceil(latest / each)) });
    while ((wanted[0]?.at ?? now) < now - policy.stabilizationSeconds) wanted.shift();
    const size = Math.max(wanted.at(-1)?.size ?? 0, Math.min(machines.length, mostWanted()));
    while (machines.length < size) machines.push({ readyAt: now + policy.bootSeconds, busy: [] });
    while (machines.length > size) giveBack(machines.pop());
  }

  function mostWanted(): number {
    return Math.max(...wanted.map(({ size }) => size));
  }

  function clamp(size: number): number {
    return Math.min(policy.maximum, Math.max(policy.minimum, size));
  }

  function giveBack(machine: Machine | undefined): void {
    const parts = machine?.busy.map(({ part }) => part) ?? [];
    day.cutOff += parts.length;
    waiting.unshift(...parts);
  }
}

function partsOf(task: number, arrival: Arrival | undefined, { partSeconds }: Policy): Part[] {
  const seconds = arrival?.seconds ?? 0;
  const count = Math.ceil(seconds / partSeconds);
  return Array.from({ length: count }, (_, index) => ({
    task,
    seconds: Math.min(partSeconds, seconds - index * partSeconds),
  }));
}
