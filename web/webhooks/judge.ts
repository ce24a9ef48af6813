import type { PostFailure } from '../../shared/fetch/post.ts';

/** What an attempt came to, as the log of a delivery has it. */
export interface Attempted {
  /** Null where nothing was answered. */
  status: number | null;
  /** Why it does not count as delivered; null where it does. */
  error: PostFailure | 'redirected' | 'answered' | 'gone' | 'stopped' | null;
}

/** 410 Gone: the receiver asks to be left alone. */
const GONE = 410;

/** Whether an answer means that the delivery has arrived. Pure. */
export function judge(answer: { status: number } | { error: PostFailure }): Attempted {
  if ('error' in answer) return { status: null, error: answer.error };
  const { status } = answer;
  if (status >= 200 && status < 300) return { status, error: null };
  if (status >= 300 && status < 400) return { status, error: 'redirected' };
  return { status, error: status === GONE ? 'gone' : 'answered' };
}

const FIRST_SECONDS = 10;
const MOST_SECONDS = 3600;

/**
 * Seconds until the next try: 10, 20, 40 … an hour at most, each up to a fifth more or less, so that receivers that come
 * back are not asked by everybody at once. Pure.
 *
 * @param tries so far, from 1
 * @param chance 0 to 1
 */
export function waitSeconds(tries: number, chance: number): number {
  const wait = Math.min(FIRST_SECONDS * 2 ** Math.min(tries - 1, 20), MOST_SECONDS);
  return wait * (0.8 + 0.4 * chance);
}
