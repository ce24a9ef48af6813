import type { TestContext } from 'node:test';
import { createLog } from '../../shared/log.ts';
import { pubSubQueue } from '../../shared/queue/pubsub.ts';
import type { Queue } from '../../shared/queue/queue.ts';
import type { Emulator } from './emulator.ts';
import { undo } from './undo.ts';

/** A queue on the emulator. */
export function onEmulator({ host, project, topic, subscription }: Emulator, pollMs: number): Queue {
  process.env.PUBSUB_EMULATOR_HOST = host;
  return pubSubQueue({ project, topic, subscription }, createLog('silent', 'test'), pollMs);
}

/** Closes a queue with its test. */
export function closing(t: TestContext, queue: Queue): Queue {
  undo(t, () => queue.close());
  return queue;
}
