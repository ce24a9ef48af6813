import { setTimeout as pause } from 'node:timers/promises';
import { atMost, rounded, type Measured, type Run } from './bench.ts';
import { forgetStatements, openGround, readStatements } from './ground.ts';
import { cpuSeconds, treeMemory } from './processes.ts';
import { startServiceProcesses } from './service.ts';
import { table } from './table.ts';

/** Until what happens once after a start is over. */
const SETTLE_MS = 15_000;

/** What web and worker cost while there is nothing to do. */
export async function idle({ t, say, quick, signal }: Run): Promise<Measured> {
  const ground = await openGround(t);
  const { web, worker } = await startServiceProcesses(t, ground);
  const pids = { web: web.program.pid, worker: worker.pid };
  await pause(quick ? 5_000 : SETTLE_MS, undefined, { signal });
  const seconds = quick ? 15 : 60;
  say(`idle for ${seconds} s`);
  await forgetStatements(ground.db);
  const before = await each(pids, cpuSeconds);
  await pause(seconds * 1000, undefined, { signal });
  const after = await each(pids, cpuSeconds);
  const memory = await each(pids, async (pid) => (await treeMemory(pid)).all);
  const statements = await readStatements(ground.db);
  const queries = statements.reduce((sum, { calls }) => sum + calls, 0) / seconds;
  const rows = (['web', 'worker'] as const).map((name) => ({
    process: name,
    mb: rounded(memory[name] / 1e6),
    cpu_percent: Number(((100 * (after[name] - before[name])) / seconds).toFixed(2)),
  }));
  for (const line of table(rows)) say(line);
  for (const { statement, calls } of statements.slice(0, 10)) say(`${calls} × ${statement.slice(0, 100)}`);
  return {
    seconds,
    rows,
    queries_a_second: queries,
    statements: statements.slice(0, 10),
    verdicts: [
      atMost('memory of web and worker', (memory.web + memory.worker) / 1e6, 200, ' MB'),
      atMost(
        'CPU of both',
        rows.reduce((sum, row) => sum + row.cpu_percent, 0),
        1,
        ' %',
      ),
      atMost('queries a second', queries, 1),
    ],
  };
}

async function each(pids: Record<'web' | 'worker', number>, read: (pid: number) => Promise<number>) {
  return { web: await read(pids.web), worker: await read(pids.worker) };
}
