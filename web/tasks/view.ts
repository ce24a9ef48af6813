import type { z } from 'zod';
import type { Storage } from '../../shared/storage/storage.ts';
import { streamKey } from '../../shared/task/keys.ts';
import { clipMade, clipSteps, streamMade } from '../../shared/task/published.ts';
import { taskProgress } from '../../shared/task/progress.ts';
import { listed, type ListedTask, type TaskSummary } from '../../shared/task/list.ts';
import type { Step, Task } from '../../shared/task/task.ts';
import { costOf } from '../../shared/task/usage.ts';
import { signArchiveUrl } from '../archives/archive-url.ts';
import { signStreamUrl } from '../streams/stream-url.ts';
import { viewMedia } from './media-view.ts';
import type { taskSchema, taskSummary } from './schema.ts';

/** How long an address of a clip holds; a page that stays open reads the task again. */
const URL_SECONDS = 15 * 60;

/** How long one of a stream holds: a player keeps it for as long as it plays. */
const STREAM_SECONDS = 12 * 3600;

type Summary = Omit<z.input<typeof taskSummary>, 'parts' | 'parts_done'>;

/** A task as a list shows it. */
export function viewSummary(task: TaskSummary): z.input<typeof taskSummary> {
  // Not by spreading, which takes V8 three times as long as all the rest of a list.
  return Object.assign(summary(task), { parts: task.parts, parts_done: task.parts_done });
}

/** What a view needs to give out addresses. */
export interface Viewing {
  storage: Storage;
  /** Put before addresses that our own web serves. */
  origin: string;
  /** Signs the address of a task's archive. */
  mediaSecret: string;
  /** Of an hour of processor time, in USD. */
  price: number;
}

/** A task as its owner sees it. */
export async function viewTask(
  { task, steps }: { task: Task; steps: Step[] },
  viewing: Viewing,
): Promise<z.input<typeof taskSchema>> {
  const clips = steps.filter((step) => step.kind === 'clip');
  const done = clipSteps(task, steps);
  const { origin, mediaSecret, price } = viewing;
  return {
    ...summary(listed(task)),
    media: task.media && viewMedia(task.media),
    warnings: task.media?.warnings ?? [],
    progress: taskProgress(task.status, steps, new Date()),
    plan: task.plan && { ...task.plan, estimated_cost: costOf(task.plan.cpu_seconds, price) },
    usage: viewUsage(task, steps, price),
    parts: clips.map(viewPart),
    clips: await Promise.all(done.map((step) => viewClip(step, viewing))),
    zip_url: done.length > 0 ? new URL(signArchiveUrl(task.id, mediaSecret, URL_SECONDS), origin).href : null,
    ...(await viewStream({ task, steps }, viewing)),
  };
}

function summary(task: ListedTask): Summary {
  const { source } = task;
  return {
    task_id: task.id,
    status: task.status,
    profile: task.profile_name,
    priority: task.priority,
    external_id: task.external_id,
    source: source.kind === 'url' ? { kind: 'url', url: source.url } : { kind: 'upload', name: source.name },
    error: task.error,
    dry_run: task.dry_run,
    created_at: task.created_at,
    started_at: task.started_at,
    finished_at: task.finished_at,
  };
}

function viewUsage({ media, stored_bytes: stored }: Task, steps: Step[], price: number) {
  const cpu = steps.reduce((sum, step) => sum + (step.cpu_seconds ?? 0), 0);
  return {
    cpu_seconds: cpu,
    source_bytes: media?.bytes ?? 0,
    stored_bytes: Number(stored ?? media?.bytes ?? 0),
    estimated_cost: costOf(cpu, price),
  };
}

/** A part and how far it is. */
export function viewPart(step: Step) {
  return {
    part: step.part ?? 0,
    start: step.input?.part.start ?? 0,
    end: step.input?.part.end ?? 0,
    state: step.state,
    progress: step.progress,
    attempt: step.attempt,
    error: step.error,
  };
}

/** A clip, with an address that is good for a while. */
export async function viewClip(step: Step, { storage, origin }: Viewing) {
  const { key, ...clip } = clipMade(step);
  const name = clipName(step.part);
  const url = await storage.signUrl(key, { seconds: URL_SECONDS, filename: name });
  return {
    part: step.part ?? 1,
    name,
    url: new URL(url, origin).href,
    url_expires_at: new Date(Date.now() + URL_SECONDS * 1000).toISOString(),
    ...clip,
  };
}

/** The addresses of a task's stream. */
async function viewStream({ task, steps }: { task: Task; steps: Step[] }, { storage, origin, mediaSecret }: Viewing) {
  const made = streamMade(task, steps);
  if (!made) return { stream_url: null, poster_url: null };
  const poster = streamKey(task.id, made.attempt, 'poster.jpg');
  const master = { task: task.id, attempt: made.attempt, name: 'master.m3u8' };
  return {
    stream_url: new URL(signStreamUrl(master, mediaSecret, STREAM_SECONDS), origin).href,
    poster_url: new URL(await storage.signUrl(poster, { seconds: URL_SECONDS }), origin).href,
  };
}

/** What a clip is called when it is saved. */
export function clipName(part: number | null): string {
  return part === null ? 'whole.mp4' : `part-${String(part).padStart(3, '0')}.mp4`;
}
