import { rows, type Db } from '../shared/db/connect.ts';
import { CLAIM, claimStep } from '../shared/task/claim.ts';
import { newOwner, newTask } from '../test/kit/tasks.ts';
import { fillBacklog, type Backlog } from './backlog.ts';
import { atMost, rounded, type Measured, type Run, type Verdict } from './bench.ts';
import { openGround } from './ground.ts';
import { percentile } from './statistics.ts';
import { table } from './table.ts';

const STEPS = [1_000, 10_000, 100_000];
const OWNERS = [1, 100, 1_000];
const CLAIMS = 500;
/** Before what counts: plans are made and pages read. */
const WARM_UP = 20;
const AT_ONCE = 8;
const TARGET_MS = 10;

/** How long a claim takes with so many steps waiting, and whether owners take turns whatever their number. */
export async function claim({ t, say, quick }: Run): Promise<Measured> {
  const { db } = await openGround(t);
  const results = [];
  let plan: string[] | null = null;
  for (const steps of quick ? [1_000, 20_000] : STEPS) {
    for (const owners of OWNERS) {
      say(`${steps} steps of ${owners} owners`);
      const measured = await measure(db, { steps, owners }, quick ? 100 : CLAIMS);
      results.push({ steps, owners, ...measured });
      if (measured.p99 > TARGET_MS || steps * owners === 10 ** 8) plan = await explain(db);
    }
  }
  for (const row of table(results)) say(row);
  return { unit: 'ms', results, plan, verdicts: verdicts(results) };
}

type Result = Backlog & Awaited<ReturnType<typeof measure>>;

async function measure(db: Db, backlog: Backlog, claims: number) {
  await fillBacklog(db, backlog);
  const count = Math.min(claims, Math.floor(backlog.steps / 4));
  await timed(db, WARM_UP);
  const alone = await timed(db, count);
  const together = await Promise.all(Array.from({ length: AT_ONCE }, () => timed(db, Math.ceil(count / AT_ONCE))));
  const all = together.flatMap(({ ms }) => ms);
  return {
    p50: rounded(percentile(alone.ms, 50)),
    p99: rounded(percentile(alone.ms, 99)),
    p50_of_8: rounded(percentile(all, 50)),
    p99_of_8: rounded(percentile(all, 99)),
    // Of so many claims in a row, the most that one owner got beyond its turns.
    unfair: mostOf(alone.owners) - Math.ceil(count / backlog.owners),
    newcomer: await turnOfNewcomer(db, backlog.owners),
  };
}

/** Claims in a row: how long each took, and whose steps they were. */
async function timed(db: Db, count: number): Promise<{ ms: number[]; owners: string[] }> {
  const ms: number[] = [];
  const owners: string[] = [];
  for (let claimed = 0; claimed < count; claimed++) {
    const began = performance.now();
    const step = await claimStep(db, 'bench', 3600);
    ms.push(performance.now() - began);
    if (step) owners.push(step.owner);
  }
  return { ms, owners };
}

function mostOf(owners: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const owner of owners) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

/** How many claims it takes until the one step of an owner who has just come is served. */
async function turnOfNewcomer(db: Db, owners: number): Promise<number> {
  const owner = await newOwner(db);
  await newTask(db, owner);
  for (let turn = 1; turn <= owners + 1; turn++) {
    if ((await claimStep(db, 'bench', 3600))?.owner === owner) return turn;
  }
  return NaN;
}

async function explain(db: Db): Promise<string[]> {
  const lines: string[] = [];
  const explained = db.transaction(async (trx) => {
    const sql = `explain (analyze, buffers) ${CLAIM}`;
    const found = await rows<{ 'QUERY PLAN': string }>(trx, sql, { worker: 'bench', seconds: 20 });
    lines.push(...found.map((row) => row['QUERY PLAN']));
    await trx.rollback(new Error('only explained'));
  });
  await explained.catch(() => {});
  return lines;
}

function verdicts(results: Result[]): Verdict[] {
  const [worst] = [...results].sort((one, other) => other.p99 - one.p99);
  const largest = results.at(-1);
  const fair = Math.max(...results.map(({ unfair }) => unfair));
  const late = Math.max(...results.map(({ newcomer }) => newcomer));
  return [
    atMost(`p99 with ${largest?.steps} steps of ${largest?.owners} owners`, largest?.p99 ?? NaN, TARGET_MS, ' ms'),
    atMost(`p99 of the slowest (${worst?.steps} of ${worst?.owners})`, worst?.p99 ?? NaN, TARGET_MS, ' ms'),
    atMost('claims that an owner gets beyond its turns', fair, 1),
    atMost('turn of an owner who has just come', late, 1),
  ];
}
