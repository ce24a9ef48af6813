import { setTimeout as wait } from 'node:timers/promises';
import {
  Duration,
  SubscriptionCloseBehaviors,
  type Message,
  type PubSub,
  type SubscriberOptions,
  type Subscription as PubSubSubscription,
} from '@google-cloud/pubsub';
import type { Log } from '../log.ts';
import type { Claim, Subscription, Work } from './queue.ts';
import { openSlots } from './slots.ts';

/** Longer than the longest step takes, or the client stops extending the deadline and the message comes again. */
const LONGEST_STEP_SECONDS = 3 * 3600;
/**
 * A worker with free slots looks by itself this often: bells may be lost, the stream silent, or all messages given to
 * another worker that has too many.
 */
const POLL_MS = 5_000;
/** So many looks in a row that found work although no bell rang: the stream is dead without having said so. */
const SILENT_POLLS = 6;
/** A message that could not be answered, because the database is away, is given back after this long. */
const GIVE_BACK_MS = 2_000;
/** A frozen broker must not hold up a worker that stops. */
const CLOSE_SECONDS = 2;

/** Answers bells with free slots until it is closed. */
export function listen(
  client: PubSub,
  name: string,
  slotCount: number,
  claim: Claim,
  { log, pollMs = POLL_MS }: { log: Log; pollMs?: number | undefined },
): Subscription {
  const slots = openSlots(slotCount);
  const running = new Set<Promise<void>>();
  const closing = new AbortController();
  let bells = 0;
  const held = new Set<Message>();
  let stream = openStream();

  function openStream(): PubSubSubscription {
    const opened = client.subscription(name, streamOptions(slotCount));
    opened.on('message', (message: Message) => track(answer(message)));
    opened.on('error', (error: Error) => {
      log.error({ err: error }, 'the subscription broke; opening it again');
      reopenLater();
    });
    return opened;
  }

  function track(work: Promise<void>): void {
    const tracked = work.finally(() => running.delete(tracked));
    running.add(tracked);
  }

  async function answer(message: Message): Promise<void> {
    bells++;
    held.add(message);
    const giveBack = await slots.take();
    try {
      // Told to stop while it waited for a slot: another worker shall hear of it.
      if (closing.signal.aborted) return message.nack();
      const work = await claim();
      // Once the slot is free, or the next message would not be delivered. Should we crash after that, the lease runs
      // out and the sweep rings again.
      const onLeft = () => {
        held.delete(message);
        message.ack();
      };
      if (work) await slots.run(work, giveBack, { onLeft, onAway: lookAgain });
      else onLeft();
    } catch (error) {
      log.warn({ err: error }, 'could not ask for work; the bell will ring again');
      await wait(GIVE_BACK_MS, undefined, { signal: closing.signal }).catch(() => {});
      message.nack();
    } finally {
      held.delete(message);
      giveBack();
    }
  }

  /** A slot has become free whose message is held, or never came: no other will come for it. */
  const lookAgain = () => void track(look().then(() => {}));

  /** Claims without a bell until nothing is ready or all slots are busy. Answers how many steps it found. */
  async function look(): Promise<number> {
    for (let found = 0; ; found++) {
      if (!slots.free || closing.signal.aborted) return found;
      const giveBack = await slots.take();
      const work = await claimOrNull();
      if (!work) {
        giveBack();
        return found;
      }
      const hooks = { onLeft: lookAgain, onAway: lookAgain };
      track(slots.run(work, giveBack, hooks).catch((error: unknown) => log.error({ err: error }, 'a step threw')));
    }
  }

  async function claimOrNull(): Promise<Work | null> {
    try {
      return await claim();
    } catch (error) {
      log.warn({ err: error }, 'could not look for work; trying again');
      return null;
    }
  }

  async function poll(): Promise<void> {
    let silent = 0;
    while (!closing.signal.aborted) {
      const before = bells;
      await wait(pollMs * (0.8 + Math.random() * 0.4), undefined, { signal: closing.signal }).catch(() => {});
      // Also while bells ring: there may be fewer of them than steps.
      const found = await look();
      silent = bells === before && found > 0 && held.size < slotCount ? silent + 1 : 0;
      if (silent < SILENT_POLLS) continue;
      silent = 0;
      log.warn('steps wait and no bell rings; opening the subscription again');
      await reopen();
    }
  }

  let later: NodeJS.Timeout | undefined;
  function reopenLater(): void {
    clearTimeout(later);
    if (!closing.signal.aborted) later = setTimeout(() => track(reopen()), GIVE_BACK_MS);
  }

  async function reopen(): Promise<void> {
    if (closing.signal.aborted) return;
    const old = stream;
    stream = openStream();
    await closeStream(old);
  }

  async function closeStream(old: PubSubSubscription): Promise<void> {
    // What goes wrong on a stream that nobody needs any more is of no interest, but must not end the process.
    old.removeAllListeners('error');
    old.on('error', () => {});
    await old.close().catch((error: unknown) => log.warn({ err: error }, 'a subscription did not close well'));
    // Not before: the client closes without waiting when the last of these goes.
    old.removeAllListeners('message');
  }

  const polling = poll();
  return {
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      clearTimeout(later);
      // First what is being answered, so that its acks are sent; what comes meanwhile is given back.
      await polling;
      while (running.size > 0) await Promise.all(running);
      await closeStream(stream);
    },
  };
}

function streamOptions(slots: number): SubscriberOptions {
  return {
    // No more than there are slots, so that a waiting message can go to another worker.
    flowControl: { maxMessages: slots, allowExcessMessages: false },
    streamingOptions: { maxStreams: 1 },
    // The client would follow the 99th percentile of its steps, up to ten minutes; a killed worker's message must not
    // stay hidden for so long.
    minAckDeadline: Duration.from({ seconds: 30 }),
    maxAckDeadline: Duration.from({ seconds: 60 }),
    maxExtensionTime: Duration.from({ seconds: LONGEST_STEP_SECONDS }),
    // What is not answered is given back at once; the wait is for the answers that are on their way.
    closeOptions: {
      behavior: SubscriptionCloseBehaviors.NackImmediately,
      timeout: Duration.from({ seconds: CLOSE_SECONDS }),
    },
  };
}
