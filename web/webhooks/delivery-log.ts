import type { z } from 'zod';
import { rows, type Db } from '../../shared/db/connect.ts';
import type { deliverySchema } from './schema.ts';

type Delivery = z.infer<typeof deliverySchema>;

/** The newest of a task, of an endpoint, or the one of an id, with every attempt. Whose they are is asked, too. */
export async function readDeliveries(
  db: Db,
  owner: string,
  of: { task: string } | { webhook: string } | { id: string },
  most = 100,
): Promise<Delivery[]> {
  const [column, value] =
    'task' in of ? ['task_id', of.task] : 'webhook' in of ? ['webhook_id', of.webhook] : ['id', of.id];
  const found = await rows<Row>(
    db,
    `select id, event, task_id, webhook_id, url, state, due_at, created_at, tried.attempts
     from (
       select * from deliveries where ${column} = :value and owner_id = :owner order by created_at desc limit :most
     ) as newest
     cross join lateral (
       select coalesce(jsonb_agg(jsonb_build_object(
                'attempt', attempt, 'at', at, 'status', status, 'ms', ms, 'error', error) order by attempt), '[]') as attempts
       from delivery_attempts where delivery_id = newest.id
     ) as tried
     order by created_at desc`,
    { value, owner, most },
  );
  return found.map(view);
}

/**
 * Sends a delivery again, under the same id and with the same body, for another 24 hours. One that is just being sent
 * is left alone.
 *
 * @returns whether it will be; null when it is unknown or another owner's
 */
export async function replayDelivery(db: Db, id: string, owner: string): Promise<boolean | null> {
  const [found] = await rows<{ replayed: boolean }>(
    db,
    `with replayed as (
       update deliveries
       set state = 'waiting', tries = 0, due_at = clock_timestamp(),
           give_up_at = clock_timestamp() + interval '24 hours'
       where id = :id and owner_id = :owner and (sending_until is null or sending_until < clock_timestamp())
       returning id
     )
     select exists (select from replayed) as replayed from deliveries where id = :id and owner_id = :owner`,
    { id, owner },
  );
  return found?.replayed ?? null;
}

interface Row {
  id: string;
  event: Delivery['event'];
  task_id: string;
  webhook_id: string | null;
  url: string;
  state: Delivery['state'];
  due_at: Date;
  created_at: Date;
  attempts: Delivery['attempts'];
}

function view({ id, due_at, created_at, attempts, ...rest }: Row): Delivery {
  return {
    delivery_id: id,
    ...rest,
    next_at: rest.state === 'waiting' ? due_at.toISOString() : null,
    created_at: created_at.toISOString(),
    attempts: attempts.map((attempt) => ({ ...attempt, at: new Date(attempt.at).toISOString() })),
  };
}
