import type { Task } from '../connect.ts';
import { columns, megabytes } from './columns.ts';
import type { Work } from './run.ts';

/** Prints a task. Answers 1 for one that did not come out well. */
export function showTask(task: Task, { options, out, err }: Work): number {
  if (options.json) out.write(`${JSON.stringify(task, null, 2)}\n`);
  else {
    for (const rows of [clipRows(task), streamRows(task), planRows(task)])
      if (rows.length > 0) out.write(`${columns(rows)}\n`);
    if (task.finished_at === null) err.write(`${task.status}: ${task.progress.phase}\n`);
    else if (task.status === 'cancelled') err.write('cancelled\n');
  }
  for (const { message } of task.warnings) err.write(`warning: ${message}\n`);
  if (task.error) err.write(`${task.error.message}\n`);
  return task.status === 'failed' || task.status === 'cancelled' ? 1 : 0;
}

function clipRows({ clips }: Task) {
  if (clips.length === 0) return [];
  const rows = clips.map(({ name, seconds, width, height, bytes }) => [
    ...[name, seconds.toFixed(2), `${width}×${height}`, megabytes(bytes)],
  ]);
  return [['clip', 'seconds', 'frame', 'size'], ...rows];
}

function streamRows({ stream_url: stream, poster_url: poster }: Task) {
  return [...(stream === null ? [] : [['stream', stream]]), ...(poster === null ? [] : [['poster', poster]])];
}

function planRows({ task_id: id, plan }: Task) {
  if (!plan) return [];
  const time = plan.seconds === null ? 'there is no worker at the moment' : `${plan.seconds} s`;
  return [
    ['parts', plan.parts],
    ['files', plan.outputs],
    ['CPU', `${plan.cpu_seconds.toFixed(1)} s`],
    ['done in', time],
    ['about', `${plan.estimated_cost.toFixed(6)} USD`],
    ['replay', id],
  ];
}
