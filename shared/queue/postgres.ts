import pg from 'pg';
import type { Address } from '../db/address.ts';
import { clientConfig, type Db } from '../db/connect.ts';
import type { Log } from '../log.ts';
import { pullWork, type Pull } from './pull.ts';
import type { Claim, Queue } from './queue.ts';

const CHANNEL = 'claqueta_steps';
/** A NOTIFY is lost when nobody listens at that moment; the poll makes up for it. */
const POLL_MS = 5_000;
const RECONNECT_MS = 1_000;

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
  const listener = keepListening(address, pull, log);
  return {
    async close() {
      await Promise.all([listener.close(), pull.close()]);
    },
  };
}

/** Listens on a connection of its own and opens another when it breaks. */
function keepListening(address: Address, pull: Pull, log: Log) {
  let closed = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function listen(): Promise<void> {
    let next: pg.Client | undefined;
    try {
      next = new pg.Client(await clientConfig(address, 'claqueta-listen'));
      if (closed) return;
      client = next;
      const opened = next;
      next.on('notification', () => pull.ring());
      next.on('error', (error) => again(opened, error));
      next.on('end', () => again(opened));
      await next.connect();
      await next.query(`listen ${CHANNEL}`);
      // What was announced while nobody listened.
      pull.ring();
    } catch (error) {
      again(next, error);
    }
  }

  function again(broken: pg.Client | undefined, error?: unknown): void {
    if (closed || broken !== client) return;
    client = undefined;
    log.warn({ err: error }, 'lost the connection that listens for work; opening another');
    broken?.end().catch(() => {});
    timer = setTimeout(() => void listen(), RECONNECT_MS);
  }

  void listen();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await client?.end().catch(() => {});
    },
  };
}
