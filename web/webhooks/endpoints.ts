import { uuidv7 } from 'uuidv7';
import { rows, type Db } from '../../shared/db/connect.ts';
import { lockOwner } from '../../shared/task/quota.ts';
import type { WebhookEvent } from './schema.ts';
import { newSecret } from './signature.ts';

export interface Webhook {
  id: string;
  url: string;
  events: WebhookEvent[];
  created_at: Date;
}

/** Endpoints of one owner. */
export const MOST_WEBHOOKS = 5;

/** A new endpoint with the secret, which is not shown again; null when the owner has as many as there may be. */
export async function addWebhook(
  db: Db,
  owner: string,
  { url, events }: Pick<Webhook, 'url' | 'events'>,
): Promise<(Webhook & { secret: string }) | null> {
  return db.transaction(async (trx) => {
    await lockOwner(trx, owner);
    const [made] = await rows<Webhook & { secret: string }>(
      trx,
      `insert into webhooks (id, owner_id, url, events, secret)
       select :id, :owner, :url, array(select jsonb_array_elements_text(cast(:events as jsonb))), :secret
       where (select count(*) from webhooks where owner_id = :owner) < ${MOST_WEBHOOKS}
       returning id, url, events, secret, created_at`,
      { id: uuidv7(), owner, url, events: JSON.stringify(events), secret: newSecret() },
    );
    return made ?? null;
  });
}

export function listWebhooks(db: Db, owner: string): Promise<Webhook[]> {
  return rows<Webhook>(db, `select id, url, events, created_at from webhooks where owner_id = :owner order by id`, {
    owner,
  });
}

/** Its deliveries go with it. */
export async function removeWebhook(db: Db, id: string, owner: string): Promise<boolean> {
  const gone = await rows(db, `delete from webhooks where id = :id and owner_id = :owner returning id`, { id, owner });
  return gone.length === 1;
}

/** What signs the deliveries to the `callback_url` of an owner's tasks. */
export async function ownSecret(db: Db, owner: string): Promise<string> {
  return keep(db, owner, `coalesce(callback_secret, :secret)`);
}

/** Takes the place of the one of before, at once. */
export async function changeOwnSecret(db: Db, owner: string): Promise<string> {
  return keep(db, owner, `:secret`);
}

async function keep(db: Db, owner: string, value: string): Promise<string> {
  const [row] = await rows<{ secret: string }>(
    db,
    `update users set callback_secret = ${value} where id = :owner returning callback_secret as secret`,
    { owner, secret: newSecret() },
  );
  if (!row) throw new Error('There is no such account any more.');
  return row.secret;
}
