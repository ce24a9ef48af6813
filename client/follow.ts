import { setTimeout as pause } from 'node:timers/promises';
import { answerOf, Refused, type Api, type Task } from './connect.ts';

const READ_EVERY_MS = 500;
/** What a service that is just being updated needs to be back. */
const AWAY_MS = 120_000;

/** Reads a task until it has ended, and shows each state. A service that is away for a while is waited for. */
export async function followTask(
  api: Api,
  id: string,
  { signal, onTask = () => {} }: { signal: AbortSignal; onTask?: (task: Task) => void },
): Promise<Task> {
  let heard = Date.now();
  for (;;) {
    try {
      const task = answerOf(await api.GET('/tasks/{id}', { params: { path: { id } }, signal }));
      heard = Date.now();
      onTask(task);
      if (task.status !== 'pending' && task.status !== 'running') return task;
    } catch (error) {
      const passes = !(error instanceof Refused) || error.status >= 500 || error.status === 429;
      if (signal.aborted || !passes || Date.now() - heard > AWAY_MS) throw error;
    }
    await pause(READ_EVERY_MS, undefined, { signal });
  }
}
