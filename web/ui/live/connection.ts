import { computed, signal } from '@preact/signals';

export type Connection = 'live' | 'polling' | 'offline' | 'connecting';

/** How the view of now learns of changes. */
export const connection = signal<Connection>('connecting');

/** The view that comes begins to follow before the one that goes has stopped. */
const followers = signal(0);

/** Whether the view of now follows anything at all. */
export const isFollowing = computed(() => followers.value > 0);

/** Answers how to say that it is over. */
export function countFollower(): () => void {
  connection.value = 'connecting';
  followers.value = followers.peek() + 1;
  let isOver = false;
  return () => {
    if (!isOver) followers.value = followers.peek() - 1;
    isOver = true;
  };
}
