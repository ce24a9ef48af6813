import type { Clip, Part, Row, Task } from '../api/types.ts';

/** What events make of a task. Pure. */

/** An address of a clip is replaced when it has no more than this to live: a player would begin again with another. */
const SPARE_MS = 2 * 60_000;

/** The task as it was read again, its clips at the addresses that players have, as long as they hold. */
export function withSnapshot(before: Task | null, after: Task, now: number): Task {
  if (!before) return after;
  const kept = new Map(before.clips.map((clip) => [clip.sha256, clip]));
  return { ...after, clips: after.clips.map((clip) => newestUsable(kept.get(clip.sha256), clip, now)) };
}

export function withRow(task: Task, row: Row): Task {
  return { ...task, ...row, parts: task.parts, progress: row.progress ?? task.progress };
}

export function withPart(task: Task, part: Part): Task {
  return { ...task, parts: byNumber(task.parts, part) };
}

export function withClip(task: Task, clip: Clip, now: number): Task {
  const before = task.clips.find(({ sha256 }) => sha256 === clip.sha256);
  return { ...task, clips: byNumber(task.clips, newestUsable(before, clip, now)) };
}

/** Whether something has come into being that no event tells of: what the video is, the archive, a stream. */
export function lacks({ status, media, parts, clips, zip_url, stream_url }: Task): boolean {
  const lacksAll = status === 'succeeded' && parts.length > 0 && clips.length === 0 && !stream_url;
  return (media === null && parts.length > 0) || (!zip_url && clips.length > 0) || lacksAll;
}

/** What events do not tell, from the task as it was read again. */
export function completed(task: Task, { media, warnings, zip_url, stream_url, poster_url }: Task): Task {
  return { ...task, media, warnings, zip_url, stream_url, poster_url };
}

/** Whether an address will soon be of no use. */
export function expiresSoon({ clips }: Task, now: number): boolean {
  return clips.some((clip) => endOf(clip) - now < SPARE_MS);
}

function newestUsable(before: Clip | undefined, after: Clip, now: number): Clip {
  if (!before || endOf(before) - now < SPARE_MS) return after;
  return { ...after, url: before.url, url_expires_at: before.url_expires_at };
}

function endOf({ url_expires_at }: Clip): number {
  return new Date(url_expires_at).getTime();
}

function byNumber<T extends { part: number }>(all: T[], one: T): T[] {
  return [...all.filter(({ part }) => part !== one.part), one].sort((a, b) => a.part - b.part);
}
