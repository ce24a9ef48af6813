import { rows, type Db } from '../../shared/db/connect.ts';
import { createLog } from '../../shared/log.ts';
import { postgresQueue } from '../../shared/queue/postgres.ts';
import { newOwner, plannedTask } from '../../test/kit/tasks.ts';
import { logged, startProgram, type RunningProgram } from '../../test/kit/program.ts';
import { openCleanup } from '../../test/kit/undo.ts';
import { until } from '../../test/kit/until.ts';
import { atLeast, atMost, rounded, type Measured, type Run } from '../bench.ts';
import { forgetStatements, openGround, readStatements, type Ground, type Statement } from '../ground.ts';
import { table } from '../table.ts';
import { aloneMs, encodesAtOnce, leastMs, type Begun } from './timing.ts';

/** As many as a video of two hours has. */
const PARTS = 360;
const SIZES = [1, 2, 4, 8, 16, 32, 64];
/** A few workers get fewer parts, or it would take a quarter of an hour. */
const MOST_PARTS_EACH = 45;
const WORKERS_A_PROCESS = 16;

interface Result {
  workers: number;
  parts: number;
  seconds: number;
  /** Over one worker. */
  speed_up: number;
  /** Over that of so many workers. As long as parts wait, for a task cannot keep all at work until its end. */
  of_linear: number;
  /** Of what is possible with parts that cannot be divided. */
  of_possible: number;
  database_ms_a_part: number;
  statements_a_part: number;
}

/** One task over 1 to 64 workers: how much faster more of them are, and what a part costs the database. */
export async function fleet({ t, say, quick }: Run): Promise<Measured> {
  const ground = await openGround(t);
  const results: Result[] = [];
  let overhead = 0;
  let statements: Statement[] = [];
  for (const workers of quick ? [1, 16, 64] : SIZES) {
    const parts = Math.min(quick ? 128 : PARTS, (quick ? 6 : MOST_PARTS_EACH) * workers);
    say(`${workers} workers, ${parts} parts`);
    const run = await runTask(ground, workers, parts);
    if (workers === 1) overhead = (run.ms - aloneMs(parts, 0)) / parts;
    results.push(resultOf(workers, parts, run, overhead));
    statements = run.statements;
  }
  for (const row of table(results.map((result) => ({ ...result })))) say(row);
  say(`a part costs one worker ${rounded(overhead)} ms besides its encode`);
  return { overhead_ms: overhead, results, statements: statements.slice(0, 12), verdicts: verdicts(results) };
}

function resultOf(workers: number, parts: number, { ms, busy, statements }: TaskRun, overhead: number): Result {
  const database = statements.reduce((sum, { total_ms }) => sum + total_ms, 0);
  const calls = statements.reduce((sum, one) => sum + one.calls, 0);
  return {
    workers,
    parts,
    seconds: rounded(ms / 1000),
    speed_up: rounded(aloneMs(parts, overhead) / ms),
    of_linear: rounded((busy * (1 + (overhead * parts) / aloneMs(parts, 0))) / workers),
    of_possible: rounded((leastMs(parts, workers) + overhead * (parts / workers)) / ms),
    database_ms_a_part: rounded(database / parts),
    statements_a_part: rounded(calls / parts),
  };
}

interface TaskRun {
  ms: number;
  /** Encodes at once, on average, as long as parts waited. */
  busy: number;
  statements: Statement[];
}

/** A fleet that is there and idle gets a task. By the database's clock, from its plan to its end. */
async function runTask({ db, databaseUrl }: Ground, workers: number, parts: number): Promise<TaskRun> {
  const t = openCleanup();
  try {
    const owner = await newOwner(db);
    const processes: RunningProgram[] = [];
    for (let first = 0; first < workers; first += WORKERS_A_PROCESS) {
      const count = Math.min(WORKERS_A_PROCESS, workers - first);
      const args = [String(first), String(count)];
      processes.push(startProgram(t, 'bench/fleet/workers.ts', { DATABASE_URL: databaseUrl }, args));
    }
    await Promise.all(processes.map((one) => logged(one, /workers ready/, 60_000)));
    await db.raw('vacuum analyze steps');
    await forgetStatements(db);
    await rung(db, databaseUrl, owner, parts);
    const ms = await until(() => ended(db), { what: 'the task has succeeded', timeout: 600_000, every: 250 });
    const statements = await readStatements(db);
    const busy = encodesAtOnce(await begun(db));
    await db.raw('truncate users, tasks, steps, shares cascade');
    return { ms, busy, statements: statements.filter(isOfWorkers) };
  } finally {
    await t.end();
  }
}

async function rung(db: Db, address: string, owner: string, parts: number): Promise<void> {
  const queue = postgresQueue(db, address, createLog('error', 'bench'));
  await db.raw('update fleet set paused_at = null, paused_by = null');
  await plannedTask(db, owner, parts);
  await queue.announce(parts);
}

/** From the end of the plan to the end of the task, ms. */
async function ended(db: Db): Promise<number | undefined> {
  const [found] = await rows<{ ms: number }>(
    db,
    `select cast(1000 * extract(epoch from tasks.finished_at - steps.finished_at) as float8) as ms
     from tasks join steps on steps.task_id = tasks.id and steps.kind = 'ingest' where tasks.status = 'succeeded'`,
  );
  return found?.ms;
}

/** When each part was claimed, ms after the end of the plan. */
function begun(db: Db): Promise<Begun[]> {
  return rows<Begun>(
    db,
    `select clip.part, cast(1000 * extract(epoch from clip.started_at - ingest.finished_at) as float8) as at
     from steps as clip join steps as ingest on ingest.kind = 'ingest' where clip.kind = 'clip'`,
  );
}

/** What this program itself asked for does not count. */
function isOfWorkers({ statement }: Statement): boolean {
  return !/^(vacuum|truncate|insert into users|create|select cast|select clip)/i.test(statement);
}

function verdicts(results: Result[]) {
  const upTo32 = results.filter(({ workers }) => workers <= 32);
  const at64 = results.filter(({ workers }) => workers === 64);
  const least = (of: Result[]) => Math.min(...of.map(({ of_linear }) => of_linear));
  const most = Math.max(...results.map(({ database_ms_a_part }) => database_ms_a_part));
  return [
    atLeast('speed-up over N while parts wait, N up to 32', least(upTo32), 0.95),
    atLeast('speed-up over N while parts wait, N = 64', least(at64), 0.9),
    atLeast('whole task, of what whole parts allow', Math.min(...results.map((one) => one.of_possible)), 0.95),
    atMost('database time a part, waits for locks included', most, 15, ' ms'),
  ];
}
