import { batch, signal, type ReadonlySignal } from '@preact/signals';
import { ask } from '../api/ask.ts';
import { Refusal } from '../api/refusal.ts';
import type { Clip, Part, Row, Task } from '../api/types.ts';
import type { ServerEvent } from '../live/events.ts';
import { follow } from '../live/follow.ts';
import { completed, expiresSoon, lacks, withClip, withPart, withRow, withSnapshot } from './changes.ts';

/** Changes are shown together. */
const GATHER_MS = 60;
const LOOK_AT_ADDRESSES_MS = 30_000;

export interface OpenTask {
  task: ReadonlySignal<Task | null>;
  isGone: ReadonlySignal<boolean>;
  /** Why it could not be read, as long as it never was. */
  failure: ReadonlySignal<unknown>;
  /** Takes over what an action has answered. */
  set: (task: Task) => void;
  reload: () => Promise<void>;
  close: () => void;
}

/** Reads a task and keeps it up to date while it is looked at. */
export function openTask(id: string): OpenTask {
  const task = signal<Task | null>(null);
  const isGone = signal(false);
  const failure = signal<unknown>(null);
  let waiting: ServerEvent[] = [];
  let heard = 0;
  let isCompleting = false;
  const path = `/tasks/${encodeURIComponent(id)}`;

  function take(event: ServerEvent): void {
    heard++;
    if (waiting.length === 0) setTimeout(flush, GATHER_MS);
    waiting.push(event);
  }
  function flush(): void {
    const events = waiting;
    waiting = [];
    batch(() => events.forEach(apply));
    if (task.value && lacks(task.value)) void complete();
  }
  async function complete(): Promise<void> {
    if (isCompleting) return;
    isCompleting = true;
    const answer = await ask<Task>('GET', path).catch(() => null);
    isCompleting = false;
    if (answer && task.value) task.value = completed(task.value, answer.body);
  }
  function apply({ event, data }: ServerEvent): void {
    const now = task.value;
    const what = JSON.parse(data) as unknown;
    if (event === 'removed') leave();
    else if (event === 'snapshot') set(what as Task);
    else if (!now) return;
    else if (event === 'task') task.value = withRow(now, what as Row);
    else if (event === 'part') task.value = withPart(now, what as Part);
    else if (event === 'clip') task.value = withClip(now, what as Clip, Date.now());
  }
  function set(next: Task): void {
    failure.value = null;
    task.value = withSnapshot(task.value, next, Date.now());
  }
  async function read(stop?: AbortSignal): Promise<void> {
    const before = heard;
    try {
      const { body } = await ask<Task>('GET', path, stop ? { signal: stop } : {});
      // What events have told meanwhile is newer.
      if (heard === before) set(body);
    } catch (error) {
      if (error instanceof Refusal && error.status === 404) leave();
      else if (!task.value && !stop?.aborted) failure.value = error;
      throw error;
    }
  }

  const unfollow = follow({ path: `${path}/events`, onEvent: take, poll: read });
  const addresses = setInterval(() => {
    if (task.value && expiresSoon(task.value, Date.now())) void read().catch(() => undefined);
  }, LOOK_AT_ADDRESSES_MS);
  function close(): void {
    unfollow();
    clearInterval(addresses);
  }
  /** Nothing comes of it any more, and asking again would find nothing. */
  function leave(): void {
    isGone.value = true;
    close();
  }
  return {
    task,
    isGone,
    failure,
    set,
    reload: () => read().catch(() => undefined),
    close,
  };
}
