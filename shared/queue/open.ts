import type { Address } from '../db/address.ts';
import type { Db } from '../db/connect.ts';
import type { Settings } from '../env.ts';
import type { Log } from '../log.ts';
import { postgresQueue } from './postgres.ts';
import type { Queue } from './queue.ts';

/**
 * The queue that the settings name. Google's client is loaded only where it is used: it costs every start half a second and
 * 47 MB.
 */
export async function openQueue(settings: Settings, db: Db, address: Address, log: Log): Promise<Queue> {
  switch (settings.QUEUE) {
    case 'postgres':
      return postgresQueue(db, address, log);
    case 'pubsub': {
      const { pubSubQueue } = await import('./pubsub.ts');
      return pubSubQueue(
        {
          project: settings.GOOGLE_CLOUD_PROJECT ?? '',
          topic: settings.PUBSUB_TOPIC ?? '',
          subscription: settings.PUBSUB_SUBSCRIPTION ?? '',
        },
        log,
      );
    }
  }
}
