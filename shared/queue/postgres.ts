import type { Address } from '../db/address.ts';
import type { Db } from '../db/connect.ts';
import { keepListening } from '../db/listen.ts';
import type { Log } from '../log.ts';
import { pullWork } from './pull.ts';
import type { Claim, Queue } from './queue.ts';

const CHANNEL = 'claqueta_steps';
/** A NOTIFY is lost when nobody listens at that moment; the poll makes up for it. */
const POLL_MS = 5_000;

/** The queue on one database: `NOTIFY` rings, and a slow poll catches what was not heard. */
export function postgresQueue(db: Db, address: Address, log: Log, pollMs = POLL_MS): Queue {
  const open = new Set<{ close(): Promise<void> }>();
  return {
    async announce(steps) {
      await db.raw(`select pg_notify('${CHANNEL}', :steps)`, { steps: String(steps) });
    },
    subscribe(slots, claim) {
      const subscription = listenAndPull(address, slots, claim, { log, pollMs });
      open.add(subscription);
      return Promise.resolve(subscription);
    },
    async check() {
      await db.raw('select 1');
    },
    async close() {
      await Promise.all([...open].map((subscription) => subscription.close()));
    },
  };
}

function listenAndPull(address: Address, slots: number, claim: Claim, { log, pollMs }: { log: Log; pollMs: number }) {
  const pull = pullWork(slots, claim, {
    pollMs,
    onError: (error) => log.warn({ err: error }, 'could not ask for work; trying again'),
  });
  const listener = keepListening(address, {
    channel: CHANNEL,
    name: 'claqueta-listen',
    onNotification: () => pull.ring(),
    // What was announced while nobody listened.
    onOpen: () => pull.ring(),
    log,
  });
  return {
    async close() {
      await Promise.all([listener.close(), pull.close()]);
    },
  };
}
