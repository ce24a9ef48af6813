import { answerOf, type Task } from '../connect.ts';
import { downloadClips } from '../download.ts';
import { followTask } from '../follow.ts';
import { uploadFile } from '../upload.ts';
import { columns, megabytes } from './columns.ts';
import { numberOf } from './look.ts';
import { progressOn, taskLine } from './progress.ts';
import type { Work } from './run.ts';

export async function submit(work: Work): Promise<number> {
  const task = await post(work, '0');
  const { options, out, err } = work;
  // A part of its own, so that a script has the id whatever happens next.
  if (!options.json) out.write(`${task.task_id}\n`);
  if (!options.wait && options.download === undefined) return shown(task, work);
  return settle(task.task_id, work).catch((error: unknown) => {
    if (work.signal.aborted) err.write(`The task goes on: claqueta status ${task.task_id} --wait\n`);
    throw error;
  });
}

export async function plan(work: Work): Promise<number> {
  const { task_id: id } = await post(work, '1');
  const task = await follow(id, work);
  if (work.options.json || !task.plan) return shown(task, work);
  const { parts, outputs, cpu_seconds: cpu, seconds, estimated_cost: cost } = task.plan;
  const time = seconds === null ? 'there is no worker at the moment' : `${seconds} s`;
  const rows = [
    ['parts', parts],
    ['files', outputs],
    ['CPU', `${cpu.toFixed(1)} s`],
    ['done in', time],
  ] as const;
  work.out.write(`${columns([...rows, ['about', `${cost.toFixed(6)} USD`], ['replay', id]])}\n`);
  return 0;
}

export async function status(work: Work): Promise<number> {
  const { api, given, options, signal } = work;
  const id = given[0] ?? '';
  if (options.wait || options.download !== undefined) return settle(id, work);
  return shown(answerOf(await api.GET('/tasks/{id}', { params: { path: { id } }, signal })), work);
}

/** Waits for the end, and fetches the clips when asked to. */
async function settle(id: string, work: Work): Promise<number> {
  const task = await follow(id, work);
  if (work.options.download === undefined || task.status !== 'succeeded') return shown(task, work);
  const files = await downloadClips(task.clips, work.options.download, work.signal);
  work.err.write(files.map((file) => `${file}\n`).join(''));
  return shown(task, work);
}

/** Makes the task, of an address or of a file, which is sent first. */
async function post(work: Work, dryRun: '0' | '1'): Promise<Task> {
  const { api, given, options, signal } = work;
  const source = given[0] ?? '';
  const of = /^https?:\/\//i.test(source) ? { url: source } : { upload_id: await send(source, work) };
  const { profile = 'idrl', name, callback } = options;
  const told = { ...(name && { external_id: name }), ...(callback && { callback_url: callback }) };
  const body = { ...of, ...told, profile, priority: numberOf('priority', options.priority) ?? 0 };
  const params = { query: { dry_run: dryRun }, header: {} };
  return answerOf(await api.POST('/tasks', { body, params, signal }));
}

async function send(file: string, { api, err, signal }: Work): Promise<string> {
  const progress = progressOn(err);
  const onProgress = (sent: number, total: number) => progress.show(`sending ${megabytes(total)}`, sent / total);
  return uploadFile(api, file, { signal, onProgress }).finally(() => progress.end());
}

async function follow(id: string, { api, err, signal }: Work): Promise<Task> {
  const progress = progressOn(err);
  const onTask = (task: Task) => {
    const { label, fraction, rest } = taskLine(task);
    progress.show(label, fraction, rest);
  };
  return followTask(api, id, { signal, onTask }).finally(() => progress.end());
}

/** Prints a task. Answers 1 for one that did not come out well. */
function shown(task: Task, { options, out, err }: Work): number {
  if (options.json) out.write(`${JSON.stringify(task, null, 2)}\n`);
  else if (task.clips.length > 0) {
    const rows = task.clips.map(({ name, seconds, width, height, bytes }) => [
      ...[name, seconds.toFixed(2), `${width}×${height}`, megabytes(bytes)],
    ]);
    out.write(`${columns([['clip', 'seconds', 'frame', 'size'], ...rows])}\n`);
  } else if (task.finished_at === null) err.write(`${task.status}: ${task.progress.phase}\n`);
  if (task.error) err.write(`${task.error.message}\n`);
  return task.status === 'failed' || task.status === 'cancelled' ? 1 : 0;
}
