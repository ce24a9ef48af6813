import assert from 'node:assert/strict';
import { after, describe, test, type TestContext } from 'node:test';
import { connect } from '../shared/db/connect.ts';
import { createLog } from '../shared/log.ts';
import { postgresQueue } from '../shared/queue/postgres.ts';
import { pubSubQueue } from '../shared/queue/pubsub.ts';
import type { Claim, Queue } from '../shared/queue/queue.ts';
import { freshDatabase } from './kit/database.ts';
import { startEmulator, withoutEmulator, type Emulator } from './kit/emulator.ts';
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

const NEVER = 3_600_000;

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

test(
  'Pub/Sub: a message is delivered once while its step runs longer than the deadline',
  { skip: withoutEmulator },
  async (t) => {
    const emulator = await startEmulator(t, 10);
    const queue = closing(t, onEmulator(emulator, NEVER));
    let claims = 0;
    let finish: () => void = () => {};
    const finished = new Promise<void>((resolve) => (finish = resolve));
    await queue.subscribe(2, () => {
      claims++;
      return Promise.resolve(claims === 1 ? () => finished : null);
    });
    await queue.announce(1);
    await until(() => claims === 1, { what: 'the step runs' });
    // Three and a half times the deadline of the subscription, which is the shortest that there is.
    const began = performance.now();
    await until(() => performance.now() - began > 35_000 || claims > 1, {
      what: 'the deadline has passed',
      timeout: 60_000,
    });
    assert.equal(claims, 1);
    finish();
  },
);

test('Pub/Sub: announcing to a frozen broker fails within seconds', { skip: withoutEmulator }, async (t) => {
  const emulator = await startEmulator(t);
  const queue = closing(t, onEmulator(emulator, NEVER));
  await queue.announce(1);
  emulator.freeze();
  undo(t, () => emulator.thaw());
  const began = performance.now();
  await assert.rejects(queue.announce(1));
  assert.ok(performance.now() - began < 15_000);
  emulator.thaw();
});

test('Pub/Sub: a topic that does not exist is named', { skip: withoutEmulator }, async (t) => {
  const emulator = await startEmulator(t);
  const queue = closing(t, onEmulator({ ...emulator, topic: 'stepz' }, NEVER));
  await assert.rejects(queue.check(), /The topic stepz does not exist in the project demo/);
  await closing(t, onEmulator(emulator, NEVER)).check();
});

test(
  'Pub/Sub: after the broker lost everything, waiting steps are found all the same',
  { skip: withoutEmulator },
  async (t) => {
    const emulator = await startEmulator(t);
    const queue = closing(t, onEmulator(emulator, 300));
    const steps = readySteps(0);
    await queue.subscribe(1, steps.claim);
    await announced(() => queue, steps, 1);
    await until(() => steps.done === 1, { what: 'the first step is done' });
    await emulator.restartEmpty();
    steps.add(2);
    await until(() => steps.done === 3, { what: 'what nobody announced is done', timeout: 20_000 });
  },
);

function onEmulator({ host, project, topic, subscription }: Emulator, pollMs: number): Queue {
  process.env.PUBSUB_EMULATOR_HOST = host;
  return pubSubQueue({ project, topic, subscription }, log, pollMs);
}

function closing(t: TestContext, queue: Queue): Queue {
  undo(t, () => queue.close());
  return queue;
}

/** Steps without a database: what is ready, runs and is done. With `held` they run until they are released. */
function readySteps(ready: number, held = false) {
  let release: () => void = () => {};
  const released = held ? new Promise<void>((resolve) => (release = resolve)) : Promise.resolve();
  const steps = {
    ready,
    running: 0,
    done: 0,
    most: 0,
    add: (count: number) => (steps.ready += count),
    release: () => release(),
    claim: (() => {
      if (steps.ready === 0) return Promise.resolve(null);
      steps.ready--;
      return Promise.resolve(async () => {
        steps.running++;
        steps.most = Math.max(steps.most, steps.running);
        await released;
        steps.running--;
        steps.done++;
      });
    }) as Claim,
  };
  return steps;
}

type Steps = ReturnType<typeof readySteps>;

async function announced(open: (pollMs: number) => Queue, steps: Steps, count: number): Promise<void> {
  steps.add(count);
  await open(NEVER).announce(count);
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
