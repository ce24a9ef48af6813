import assert from 'node:assert/strict';
import { after, describe, test, type TestContext } from 'node:test';
import { connect } from '../shared/db/connect.ts';
import { createLog } from '../shared/log.ts';
import { postgresQueue } from '../shared/queue/postgres.ts';
import type { Claim, Queue } from '../shared/queue/queue.ts';
import { freshDatabase } from './kit/database.ts';
import { startEmulator, withoutEmulator } from './kit/emulator.ts';
import { closing, onEmulator } from './kit/emulator-queue.ts';
import { announced, NEVER, readySteps, type Steps } from './kit/ready-steps.ts';
import { undo } from './kit/undo.ts';
import { until } from './kit/until.ts';

const log = createLog('silent', 'test');

// A client that lost its broker keeps a timer of up to fifteen minutes, also when it is closed: it waits for its channel.
// Programs of ours leave by process.exit; without the timer this one fires too late to matter.
after(() => void setTimeout(() => process.exit(), 1_000).unref());

/** Opens queues on one and the same broker. */
type Open = (pollMs: number) => Queue;

const homes: { name: string; skip: string | false; prepare: (t: TestContext) => Promise<Open> }[] = [
  {
    name: 'Postgres',
    skip: false,
    async prepare(t) {
      const url = await freshDatabase(t);
      const db = connect(url, { name: 'test', max: 4 });
      undo(t, () => db.destroy());
      return (pollMs) => closing(t, postgresQueue(db, url, log, pollMs));
    },
  },
  {
    name: 'Pub/Sub',
    skip: withoutEmulator,
    async prepare(t) {
      const emulator = await startEmulator(t);
      return (pollMs) => closing(t, onEmulator(emulator, pollMs));
    },
  },
];

for (const { name, skip, prepare } of homes) {
  describe(`the queue on ${name}`, { skip, timeout: 60_000 }, () => {
    test('one announcement is enough for every step that it tells of', async (t) => {
      const open = await prepare(t);
      const steps = readySteps(0);
      await open(NEVER).subscribe(2, steps.claim);
      await listening(open, steps);
      await announced(open, steps, 7);
      await until(() => steps.done === 8, { what: 'all steps are done' });
    });

    test('no more steps run at once than there are slots', async (t) => {
      const open = await prepare(t);
      const steps = readySteps(0, true);
      await open(NEVER).subscribe(3, steps.claim);
      undo(t, steps.release);
      await announced(open, steps, 6);
      await until(() => steps.running === 3, { what: 'three steps run' });
      await open(NEVER).announce(5);
      steps.release();
      await until(() => steps.done === 6, { what: 'all are done' });
      assert.equal(steps.most, 3);
    });

    test('a step that leaves its slot makes room for the next, up to as many as there are slots', async (t) => {
      const open = await prepare(t);
      const steps = readySteps(0, true, true);
      const subscription = await open(200).subscribe(2, steps.claim);
      undo(t, steps.release);
      await announced(open, steps, 8);
      await until(() => steps.running === 4, { what: 'two are in slots and two have left theirs' });
      let closed = false;
      const closingNow = subscription.close().then(() => (closed = true));
      assert.equal(closed, false, 'those that left are waited for too');
      steps.release();
      await closingNow;
      assert.deepEqual([steps.most, steps.done, steps.ready], [4, 4, 4]);
    });

    test('while one step waits for the network, all others are done in its slot without a poll', async (t) => {
      const open = await prepare(t);
      const steps = readySteps(0);
      let arrive: () => void = () => {};
      const arrives = new Promise<void>((resolve) => (arrive = resolve));
      undo(t, arrive);
      let hasFirst = false;
      let isBack = false;
      await open(NEVER).subscribe(1, () => {
        if (hasFirst || steps.ready === 0) return steps.claim();
        hasFirst = true;
        steps.ready--;
        return Promise.resolve(async (slot) => {
          await slot.without(() => arrives, new AbortController().signal);
          isBack = true;
        });
      });
      await announced(open, steps, 6);
      await until(() => steps.done === 5, { what: 'the others are done' });
      assert.equal(isBack, false);
      arrive();
      await until(() => isBack, { what: 'the first has its slot again' });
    });

    test('several subscribers share the steps', async (t) => {
      const open = await prepare(t);
      const steps = readySteps(0, true);
      // The emulator may give both messages to one of them; then the other finds its step by looking.
      const [one, other] = [open(300), open(300)];
      undo(t, steps.release);
      const takenBy = { one: 0, other: 0 };
      await one.subscribe(
        1,
        counted(steps.claim, () => takenBy.one++),
      );
      await other.subscribe(
        1,
        counted(steps.claim, () => takenBy.other++),
      );
      await announced(open, steps, 2);
      await until(() => steps.running === 2, { what: 'both run a step' });
      assert.deepEqual(takenBy, { one: 1, other: 1 });
      steps.release();
    });

    test('closing claims no more and waits for what runs', async (t) => {
      const open = await prepare(t);
      const steps = readySteps(0, true);
      const subscription = await open(NEVER).subscribe(1, steps.claim);
      undo(t, steps.release);
      await announced(open, steps, 2);
      await until(() => steps.running === 1, { what: 'a step runs' });
      let closed = false;
      const closingNow = subscription.close().then(() => (closed = true));
      await open(NEVER).announce(1);
      assert.equal(closed, false);
      steps.release();
      await closingNow;
      assert.equal(steps.done, 1);
      assert.equal(steps.ready, 1);
    });

    test('a claim that fails, as while the database is away, is made again', async (t) => {
      const open = await prepare(t);
      const steps = readySteps(0);
      let failures = 2;
      await open(200).subscribe(1, () => {
        if (failures-- > 0) return Promise.reject(new Error('the database is away'));
        return steps.claim();
      });
      await announced(open, steps, 1);
      await until(() => steps.done === 1, { what: 'the step is done', timeout: 20_000 });
    });

    test('steps that nobody announced are found all the same', async (t) => {
      const open = await prepare(t);
      const steps = readySteps(3);
      await open(200).subscribe(2, steps.claim);
      await until(() => steps.done === 3, { what: 'all are done' });
    });

    test('bells without steps do no harm', async (t) => {
      const open = await prepare(t);
      const steps = readySteps(0);
      const queue = open(NEVER);
      await queue.subscribe(2, steps.claim);
      await queue.announce(20);
      await announced(open, steps, 1);
      await until(() => steps.done === 1, { what: 'the step is done' });
    });
  });
}

/** Until a first bell was heard: a subscriber takes a moment to listen. */
async function listening(open: Open, steps: Steps): Promise<void> {
  const queue = open(NEVER);
  steps.add(1);
  await until(
    async () => {
      await queue.announce(1);
      return steps.done === 1;
    },
    { what: 'the subscriber listens', every: 100 },
  );
}

function counted(claim: Claim, count: () => void): Claim {
  return async () => {
    const work = await claim();
    if (work) count();
    return work;
  };
}
