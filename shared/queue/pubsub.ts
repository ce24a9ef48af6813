import { PubSub, type ClientConfig } from '@google-cloud/pubsub';
import type { Log } from '../log.ts';
import { listen } from './pubsub-listen.ts';
import type { Queue } from './queue.ts';

export interface PubSubSettings {
  project: string;
  topic: string;
  subscription: string;
}

/** Half-open connections: by default it took over five minutes to notice one, with this 50 s. */
const keepAlive: ClientConfig & Record<`grpc.${string}`, number> = {
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
};
/** A frozen broker must fail an announcement within seconds; the default is a minute of retries. */
const PUBLISH_MS = 5_000;
const CHECK_MS = 4_000;
/** gRPC status codes (https://grpc.io/docs/guides/status-codes/). */
const NOT_FOUND = 5;

/**
 * The queue on Pub/Sub: a message rings, and is held until the step of whoever took it needs no slot any more. So the
 * subscription's backlog is what waits and what runs, and the autoscaler can go by it.
 *
 * Messages say nothing but that there is work. One that is lost is made up for by the poll of a worker with free slots,
 * and by the sweep when there is no worker.
 */
export function pubSubQueue({ project, topic, subscription }: PubSubSettings, log: Log, pollMs?: number): Queue {
  const client = new PubSub({ projectId: project, ...keepAlive });
  const bell = client.topic(topic, {
    batching: { maxMessages: 500, maxMilliseconds: 10 },
    gaxOpts: { timeout: PUBLISH_MS, retry: null },
  });
  const open = new Set<{ close(): Promise<void> }>();

  return {
    async announce(steps, trace) {
      const attributes: Record<string, string> = trace ? { traceparent: trace } : {};
      const json = { kind: 'steps' };
      await Promise.all(Array.from({ length: steps }, () => bell.publishMessage({ json, attributes })));
    },

    subscribe(slots, claim) {
      const listening = listen(client, subscription, slots, claim, { log, pollMs });
      open.add(listening);
      return Promise.resolve(listening);
    },

    async check() {
      const gaxOpts = { timeout: CHECK_MS, retry: null };
      await bell.getMetadata(gaxOpts).catch(unlessMissing(`The topic ${topic}`, project, log));
      await client
        .subscription(subscription)
        .getMetadata(gaxOpts)
        .catch(unlessMissing(`The subscription ${subscription}`, project, log));
    },

    async close() {
      await Promise.all([...open].map((listening) => listening.close()));
      await bell.flush().catch((error: unknown) => log.warn({ err: error }, 'some announcements were not sent'));
      await client.close();
    },
  };
}

/**
 * Only what will not come by itself is an error. A broker that is away comes back, and until then the rows wait; an
 * identity that may publish but not look is right as it is.
 */
function unlessMissing(what: string, project: string, log: Log): (error: unknown) => void {
  return (error) => {
    if (error instanceof Error && 'code' in error && error.code === NOT_FOUND) {
      throw new Error(`${what} does not exist in the project ${project}.`, { cause: error });
    }
    log.debug({ err: error }, `${what} could not be looked at`);
  };
}
