import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { newClient } from './kit/client.ts';
import { startEmulator, withoutEmulator } from './kit/emulator.ts';
import { closing, onEmulator } from './kit/emulator-queue.ts';
import { announced, NEVER, readySteps } from './kit/ready-steps.ts';
import { startService } from './kit/service.ts';
import { undo } from './kit/undo.ts';
import { until } from './kit/until.ts';

// A client that lost its broker keeps a timer of up to fifteen minutes, also when it is closed: it waits for its channel.
// Programs of ours leave by process.exit; without the timer this one fires too late to matter.
after(() => void setTimeout(() => process.exit(), 1_000).unref());

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
    // Past the 30 s that the client asks for at the least, so that it has to extend.
    const began = performance.now();
    await until(() => performance.now() - began > 35_000 || claims > 1, {
      what: 'the deadline has passed',
      timeout: 60_000,
    });
    assert.equal(claims, 1);
    finish();
    // Answered for good: another subscriber is not given the message.
    await queue.close();
    const other = readySteps(1);
    await closing(t, onEmulator(emulator, NEVER)).subscribe(1, other.claim);
    const later = performance.now();
    await until(() => performance.now() - later > 3_000, { what: 'a message given back has come again' });
    assert.equal(other.done, 0);
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

test(
  'Pub/Sub: steps without bells are done although bells for others keep ringing',
  { skip: withoutEmulator },
  async (t) => {
    const emulator = await startEmulator(t);
    const queue = closing(t, onEmulator(emulator, 300));
    const steps = readySteps(12);
    await queue.subscribe(2, steps.claim);
    const ring = async () => {
      await queue.announce(1);
      return steps.done === 12;
    };
    await until(ring, { what: 'all are done', every: 100 });
  },
);

test('a task is taken although the broker hangs, and is announced later', { skip: withoutEmulator }, async (t) => {
  const emulator = await startEmulator(t);
  process.env.PUBSUB_EMULATOR_HOST = emulator.host;
  const { project, topic, subscription } = emulator;
  const env = {
    QUEUE: 'pubsub',
    PUBSUB_TOPIC: topic,
    PUBSUB_SUBSCRIPTION: subscription,
    GOOGLE_CLOUD_PROJECT: project,
  };
  const service = await startService(t, { workers: 0, env });
  const client = await newClient(service.url);
  emulator.freeze();
  undo(t, () => emulator.thaw());
  const times: number[] = [];
  for (let task = 0; task < 10; task++) {
    const began = performance.now();
    await client.submit('https://example.com/video.mp4');
    times.push(performance.now() - began);
  }
  const worst = Math.max(...times);
  t.diagnostic(`the worst of 10 submissions took ${worst.toFixed(0)} ms`);
  // An announcement gives up after 5 s: the answer did not wait for it.
  assert.ok(worst < 2_000);
});
