import pg from 'pg';
import type { Log } from '../log.ts';
import type { Address } from './address.ts';
import { clientConfig } from './connect.ts';

export interface Listening {
  channel: string;
  /** Shows in `pg_stat_activity`. */
  name: string;
  /** Hears each notification's text. */
  onNotification: (text: string) => void;
  /** Whenever it begins to listen, for the first time too: what was told before went unheard. */
  onOpen: () => void;
  log: Log;
}

const RECONNECT_MS = 1_000;

/** Listens on a connection of its own, apart from the pool, and opens another whenever it breaks. */
export function keepListening(address: Address, { channel, name, onNotification, onOpen, log }: Listening) {
  let closed = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function listen(): Promise<void> {
    let next: pg.Client | undefined;
    try {
      next = new pg.Client(await clientConfig(address, name));
      if (closed) return;
      client = next;
      const opened = next;
      next.on('notification', ({ payload }) => onNotification(payload ?? ''));
      next.on('error', (error) => again(opened, error));
      next.on('end', () => again(opened));
      await next.connect();
      await next.query(`listen ${channel}`);
      onOpen();
    } catch (error) {
      again(next, error);
    }
  }

  function again(broken: pg.Client | undefined, error?: unknown): void {
    if (closed || broken !== client) return;
    client = undefined;
    log.warn({ err: error, channel }, 'lost the connection that listens; opening another');
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
