import type { Db } from '../db/connect.ts';
import type { Log } from '../log.ts';
import type { Queue } from '../queue/queue.ts';

/** What an announcement is about: for the log, and for the sweep should it fail. */
export interface Announcement {
  task: string;
  steps: number;
  trace?: string | undefined;
}

/**
 * Announces after the commit and outside the request or step: a slow or absent queue must not hold anybody up. What
 * could not be announced is marked, and the next sweep announces it.
 */
export function announceLater(
  { db, queue, log }: { db: Db; queue: Queue; log: Log },
  { task, steps, trace }: Announcement,
): void {
  if (steps === 0) return;
  queue.announce(steps, trace).catch(async (error: unknown) => {
    log.warn({ err: error, task_id: task }, 'could not announce; the sweep will');
    await markUnannounced(db, task).catch((cause: unknown) => {
      log.warn({ err: cause, task_id: task }, 'could not note that; the sweep will find it after a while');
    });
  });
}

/** The waiting steps of a task are unheard of. */
export async function markUnannounced(db: Db, task: string): Promise<void> {
  await db.raw(`update steps set announced_at = null where task_id = :task and state = 'waiting'`, { task });
}
