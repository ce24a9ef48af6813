import { signal } from '@preact/signals';
import { ask } from '../api/ask.ts';
import { Refusal } from '../api/refusal.ts';
import { connection, countFollower } from '../live/connection.ts';
import { pause } from '../parts/pause.ts';
import type { Fleet } from './types.ts';

const POLL_MS = 3_000;

export const fleet = signal<Fleet | null>(null);
/** Why it is not told any more; null as long as all goes well. */
export const failure = signal<unknown>(null);
/** When it was told last, ms. */
export const heardAt = signal(0);

/** Asks how the fleet is as long as somebody looks. Answers how to stop. */
export function watchFleet(): () => void {
  let stopping: AbortController | undefined;
  function onVisibility(): void {
    stopping?.abort();
    if (document.hidden) return;
    stopping = new AbortController();
    void keepLooking(stopping.signal);
  }
  const over = countFollower();
  onVisibility();
  document.addEventListener('visibilitychange', onVisibility);
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    stopping?.abort();
    over();
    // Whoever logs in next may be no operator.
    fleet.value = null;
    failure.value = null;
  };
}

/** @throws Refusal, Unreachable */
export async function lookAtFleet(signal?: AbortSignal): Promise<void> {
  const { body } = await ask<Fleet>('GET', '/admin/fleet', signal && { signal });
  if (signal?.aborted) return;
  heardAt.value = Date.now();
  fleet.value = body;
  failure.value = null;
}

async function keepLooking(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await lookAtFleet(signal);
      if (!signal.aborted) connection.value = 'polling';
    } catch (error) {
      if (signal.aborted) return;
      // A refusal is an answer.
      connection.value = error instanceof Refusal ? 'polling' : 'offline';
      failure.value = error;
    }
    await pause(POLL_MS, signal);
  }
}
