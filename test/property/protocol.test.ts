import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { connect, type Db } from '../../shared/db/connect.ts';
import { claimStep } from '../../shared/task/claim.ts';
import { sweepSteps } from '../../shared/task/sweep.ts';
import { freshDatabase } from '../kit/database.ts';
import { expireLeases, newOwner } from '../kit/tasks.ts';
import { assertFenced, assertForward, assertSane, readRows } from './invariants.ts';
import { finish, hurry, operate, rounds, TRIES, type Known, type Operation } from './operations.ts';

const SEED = Number(process.env.PROPERTY_SEED ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env.PROPERTY_RUNS ?? 40);

/** A counterexample is made smaller for so long; it is told either way. */
const SHRINKING = { interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true };

/** Two clients of one connection each, so that what they do at once is at once for Postgres too. */
async function twoClients(t: TestContext): Promise<[Db, Db]> {
  const url = await freshDatabase(t);
  const open = (name: string) => {
    const db = connect(url, { name, max: 1 });
    t.after(() => db.destroy());
    return db;
  };
  return [open('first'), open('second')];
}

test('whatever two clients do to tasks and steps, in whatever order: nothing is lost and nothing is done twice', async (t) => {
  const clients = await twoClients(t);
  t.diagnostic(`seed ${SEED}, ${RUNS} runs; PROPERTY_SEED and PROPERTY_RUNS choose others`);
  let done = 0;
  const property = fc.asyncProperty(rounds, async (all) => {
    const known: Known = { owner: await newOwner(clients[0]), tasks: [], leases: [], finished: [] };
    await clients[0].raw('delete from tasks');
    for (const round of all) await playRound(clients, round, known);
    await drain(clients[0], known);
    done += known.finished.length;
  });
  await fc.assert(property, { seed: SEED, numRuns: RUNS, ...SHRINKING });
  t.diagnostic(`${done} steps done`);
  assert.ok(done > RUNS, 'hardly anything happened');
});

async function playRound(clients: [Db, Db], round: Operation[], known: Known): Promise<void> {
  const before = await readRows(clients[0]);
  const writing = round.map((operation, index) => operate(clients[index % 2] as Db, operation, known));
  const written = (await Promise.all(writing)).filter((lease) => lease !== null);
  await hurry(clients[0]);
  const now = await readRows(clients[0]);
  assertSane(now, known);
  assertFenced(before, written);
  assertForward(
    before,
    now,
    round.some(({ kind }) => kind === 'retry'),
  );
}

/** Whatever state it was left in: sweeps and one good worker bring every task to its end. */
async function drain(db: Db, known: Known): Promise<void> {
  for (let left = 200; ; left--) {
    assert.ok(left > 0, 'there is no end to the work');
    await expireLeases(db);
    await sweepSteps(db, TRIES);
    await hurry(db);
    const claimed = await claimStep(db, 'a good worker', 20);
    if (!claimed) break;
    assert.ok((await finish(db, claimed)).accepted);
    known.finished.push(`${claimed.step}/${claimed.attempt}`);
  }
  const rows = await readRows(db);
  assertSane(rows, known);
  for (const { status } of rows) assert.ok(!['pending', 'running'].includes(status), 'a task was lost');
  assert.equal(rows.length, known.tasks.length);
}
