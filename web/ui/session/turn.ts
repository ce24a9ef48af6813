import { ANSWER_MS } from '../api/limits.ts';
import { keep, kept } from '../settings/kept.ts';

/** Longer than a refresh may take, so that a window that closed in the middle holds nobody up for long. */
const MOST_MS = ANSWER_MS + 5_000;
const LOOK_MS = 60;
const LOCK = 'claqueta.session';

/**
 * Runs what only one window of this browser may do at a time. The Web Locks API is there on https and on this machine
 * itself; a trial over plain http has to make do with a note in the shared storage.
 */
export function inTurn<T>(run: () => Promise<T>): Promise<T> {
  // Typed as if it were always there.
  const locks = navigator.locks as LockManager | undefined;
  return locks ? byLock(locks, run) : byNote(run);
}

async function byLock<T>(locks: LockManager, run: () => Promise<T>): Promise<T> {
  let ran: Promise<T> | undefined;
  await locks.request(LOCK, { ifAvailable: true }, (lock) => lock && (ran = run()));
  if (ran) return ran;
  return locks.request(LOCK, async () => {
    // What the window before wrote comes on another way than the lock, and may come after it.
    await pause(LOOK_MS);
    return run();
  });
}

async function byNote<T>(run: () => Promise<T>): Promise<T> {
  const own = Math.random().toString(36).slice(2);
  for (;;) {
    const [, until = '0'] = (kept('turn') ?? '').split(' ');
    if (Number(until) < Date.now()) {
      keep('turn', `${own} ${Date.now() + MOST_MS}`);
      // Another window may have written at the same moment; the last one to write has it.
      await pause(LOOK_MS);
      if (kept('turn')?.startsWith(own) ?? true) break;
    }
    await pause(LOOK_MS);
  }
  try {
    return await run();
  } finally {
    keep('turn', null);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
