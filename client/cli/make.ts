import { answerOf, type Task } from '../connect.ts';
import type { components } from '../schema.d.ts';
import { downloadClips } from '../download.ts';
import { followTask } from '../follow.ts';
import { uploadFile } from '../upload.ts';
import { megabytes } from './columns.ts';
import { progressOn, taskLine } from './progress.ts';
import type { Work } from './run.ts';
import { showTask } from './show.ts';
import { checkFile, readTaskOptions } from './task-options.ts';

export async function submit(work: Work): Promise<number> {
  return goOn(await post(work, '0'), work);
}

/** A new task of the video of one that has ended. */
export async function replay(work: Work): Promise<number> {
  const { api, given, signal } = work;
  // What has a default may be left out, which the types do not say.
  const body = (await readTaskOptions(work)) as components['schemas']['Replay'];
  const params = { path: { id: given[0] ?? '' }, query: { dry_run: '0' as const }, header: {} };
  return goOn(answerOf(await api.POST('/tasks/{id}/replay', { body, params, signal })), work);
}

export async function plan(work: Work): Promise<number> {
  const { task_id: id } = await post(work, '1');
  return showTask(await follow(id, work), work);
}

export async function status(work: Work): Promise<number> {
  const { api, given, options, signal } = work;
  const id = given[0] ?? '';
  if (options.wait || options.download !== undefined) return settle(id, work);
  return showTask(answerOf(await api.GET('/tasks/{id}', { params: { path: { id } }, signal })), work);
}

/** With a task that was just made: tells its id, and waits when asked to. */
async function goOn(task: Task, work: Work): Promise<number> {
  const { options, out, err } = work;
  // A part of its own, so that a script has the id whatever happens next.
  if (!options.json) out.write(`${task.task_id}\n`);
  if (!options.wait && options.download === undefined) return showTask(task, work);
  return settle(task.task_id, work).catch((error: unknown) => {
    if (work.signal.aborted) err.write(`The task goes on: claqueta status ${task.task_id} --wait\n`);
    throw error;
  });
}

/** Waits for the end, and fetches the clips when asked to. */
async function settle(id: string, work: Work): Promise<number> {
  const task = await follow(id, work);
  const { api, err, options, signal } = work;
  if (options.download === undefined || task.status !== 'succeeded') return showTask(task, work);
  if (task.stream_url !== null) err.write('A stream is not downloaded: a player takes its address.\n');
  if (task.clips.length > 0) {
    const read = async () => answerOf(await api.GET('/tasks/{id}', { params: { path: { id } }, signal })).clips;
    const files = await downloadClips(read, options.download, signal);
    err.write(files.map((file) => `${file}\n`).join(''));
  }
  return showTask(task, work);
}

/** Makes the task, of an address or of a file, which is sent first. */
async function post(work: Work, dryRun: '0' | '1'): Promise<Task> {
  const { api, given, signal } = work;
  const source = given[0] ?? '';
  const isAddress = /^\s*https?:\/\//i.test(source);
  if (!isAddress) await checkFile(source);
  const told = { profile: 'idrl', ...(await readTaskOptions(work)) };
  const of = isAddress ? { url: source } : { upload_id: await send(source, work) };
  const params = { query: { dry_run: dryRun }, header: {} };
  return answerOf(await api.POST('/tasks', { body: { ...of, ...told }, params, signal }));
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
