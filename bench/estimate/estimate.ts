import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { rows, type Db } from '../../shared/db/connect.ts';
import type { Media } from '../../shared/task/media.ts';
import type { ClipInput } from '../../shared/task/plan.ts';
import type { Profile } from '../../shared/task/profile.ts';
import type { Client, TaskView } from '../../test/kit/client.ts';
import { COSTS, cpuSecondsOf, FIXED } from '../../worker/estimate/estimate.ts';
import { wholeSeconds } from '../../worker/estimate/whole.ts';
import { workOf, type Work } from '../../worker/estimate/work.ts';
import { atMost, rounded, type Measured, type Run } from '../bench.ts';
import { openGround } from '../ground.ts';
import { startServiceProcesses } from '../service.ts';
import { table } from '../table.ts';
import { fit } from './fit.ts';
import { draw, measured, unseen, type Kind } from './videos.ts';

const MOST_OFF_PERCENT = 25;

interface Part {
  work: Work;
  spent: number;
}

/**
 * What a dry run says against what the run takes, for some videos; and before that, from ten others, what each kind of
 * work costs on this machine.
 */
export async function estimate(run: Run): Promise<Measured> {
  const ground = await openGround(run.t);
  const { client } = await startServiceProcesses(run.t, ground, { WORKER_SLOTS: '1' });
  const profiles = run.quick ? ['idrl'] : ['idrl', 'anb'];
  const some = <T>(kinds: T[]) => (run.quick ? kinds.slice(0, 3) : kinds);

  const parts: Part[] = [];
  for (const kind of some(measured)) {
    for (const profile of profiles) {
      const task = await submit(client, await draw(kind), profile, '');
      parts.push(...(await partsOf(ground.db, task)));
      run.say(`${kind.name}, ${profile}: ${rounded(task.usage.cpu_seconds)} s`);
      run.signal.throwIfAborted();
    }
  }
  const costs = fitted(parts);
  run.say(`what it costs here: ${JSON.stringify(costs)}`);

  const results = [];
  for (const kind of some(unseen)) results.push(await compare(client, ground.db, kind));
  for (const line of table(results)) run.say(line);
  const worst = Math.max(...results.map(({ off }) => Math.abs(off)));
  return {
    costs,
    parts,
    results,
    verdicts: [atMost('a dry run is off by', worst, MOST_OFF_PERCENT, ' %')],
  };
}

async function compare(client: Client, db: Db, kind: Kind) {
  const file = await draw(kind);
  const planned = (await submit(client, file, kind.profile, '?dry_run=1')).plan?.cpu_seconds ?? 0;
  const task = await submit(client, file, kind.profile, '');
  const parts = await partsOf(db, task);
  const bare = parts.reduce((sum, { work }) => sum + cpuSecondsOf(work), await besideParts(db, task));
  const spent = task.usage.cpu_seconds;
  return {
    video: kind.name,
    profile: kind.profile,
    seconds: kind.seconds,
    parts: task.parts.length,
    spent: rounded(spent),
    planned: rounded(planned),
    off: Math.round(100 * (planned / spent - 1)),
    'off without the fleet': Math.round(100 * (bare / spent - 1)),
  };
}

async function submit(client: Client, file: string, profile: string, query: string): Promise<TaskView> {
  const form = new FormData();
  form.set('profile', profile);
  form.set('video', new Blob([await readFile(file)]), path.basename(file));
  const { body } = await client.send<TaskView>(`/tasks${query}`, form);
  const task = await client.ended(body.task_id, 300_000);
  if (task.status !== 'succeeded') throw new Error(`${file}: ${task.status} ${task.error?.message ?? ''}`);
  return task;
}

async function partsOf(db: Db, task: TaskView): Promise<Part[]> {
  const found = await rows<{ input: ClipInput; media: Media; profile: Profile; cpu_seconds: number }>(
    db,
    `select steps.input, tasks.media, tasks.profile, steps.cpu_seconds
     from steps join tasks on tasks.id = steps.task_id where task_id = :id and kind = 'clip'`,
    { id: task.task_id },
  );
  return found.map(({ input, media, profile, cpu_seconds: spent }) => ({ work: workOf(input, media, profile), spent }));
}

/** What the sound of a whole and joining it should take. */
async function besideParts(db: Db, task: TaskView): Promise<number> {
  const [row] = await rows<{ media: Media; profile: Profile }>(db, 'select media, profile from tasks where id = :id', {
    id: task.task_id,
  });
  if (!row) return 0;
  const { sound, finish } = wholeSeconds(task.parts.length, row.media, row.profile);
  return sound + finish;
}

function fitted(parts: Part[]): Work & { fixed: number } {
  const kinds = Object.keys(COSTS) as (keyof Work)[];
  const factors = fit(
    parts.map(({ work }) => [...kinds.map((kind) => work[kind]), 1]),
    parts.map(({ spent }) => spent),
  );
  const named = Object.fromEntries(kinds.map((kind, at) => [kind, rounded(factors[at] ?? 0)])) as unknown as Work;
  return { ...named, fixed: rounded(factors.at(-1) ?? FIXED) };
}
