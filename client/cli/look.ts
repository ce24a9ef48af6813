import { answerOf } from '../connect.ts';
import { columns, megabytes } from './columns.ts';
import { Misused } from './arguments.ts';
import type { Work } from './run.ts';

const STATUSES = ['pending', 'running', 'succeeded', 'failed', 'cancelled'] as const;

export async function list({ api, options, out, signal }: Work): Promise<number> {
  const status = STATUSES.find((one) => one === options.status);
  if (options.status !== undefined && !status) throw new Misused(`--status is one of ${STATUSES.join(', ')}.`);
  const query = { max: numberOf('max', options.max) ?? 20, ...(status && { status }) };
  const tasks = answerOf(await api.GET('/tasks', { params: { query }, signal }));
  if (options.json) out.write(`${JSON.stringify(tasks, null, 2)}\n`);
  else {
    const rows = tasks.map((task) => [
      ...[task.task_id, task.status, task.profile, `${task.parts_done}/${task.parts}`, task.created_at],
      task.external_id ?? task.source.name ?? task.source.url ?? '',
    ]);
    out.write(`${columns([['task', 'status', 'profile', 'parts', 'created', 'source'], ...rows])}\n`);
  }
  return 0;
}

export async function abort({ api, given, out, signal }: Work): Promise<number> {
  const id = given[0] ?? '';
  // Else DELETE would remove a task that has ended, which nobody asked for.
  const params = { path: { id }, query: { if: 'unfinished' as const } };
  answerOf<unknown>(await api.DELETE('/tasks/{id}', { params, signal }));
  out.write(`${id} is cancelled.\n`);
  return 0;
}

export async function usage({ api, options, out, signal }: Work): Promise<number> {
  const query = { ...(options.from && { from: options.from }), ...(options.to && { to: options.to }) };
  const used = answerOf(await api.GET('/usage', { params: { query }, signal }));
  if (options.json) {
    out.write(`${JSON.stringify(used, null, 2)}\n`);
    return 0;
  }
  const row = (
    day: string,
    { sources, source_bytes: bytes, cpu_seconds: cpu, estimated_cost: cost }: typeof used.total,
  ) => [...[day, sources, megabytes(bytes), cpu.toFixed(1), `${cost.toFixed(4)} ${used.currency}`]];
  const rows = [...used.days.map((day) => row(day.day, day)), row('together', used.total)];
  out.write(`${columns([['day', 'sources', 'their size', 'CPU s', 'about'], ...rows])}\n`);
  out.write(`kept now: ${megabytes(used.stored_bytes)}\n`);
  return 0;
}

/** @throws Misused for what is no whole number */
export function numberOf(name: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (/^-?\d{1,6}$/.test(given)) return Number(given);
  throw new Misused(`--${name} is a whole number.`);
}
