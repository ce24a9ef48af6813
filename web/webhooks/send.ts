import type { Db } from '../../shared/db/connect.ts';
import { postGuarded } from '../../shared/fetch/post.ts';
import type { Log } from '../../shared/log.ts';
import { ownSecret } from './endpoints.ts';
import { judge, type Attempted } from './judge.ts';
import { endAttempt, type Leased } from './outbox.ts';
import { signatureOf } from './signature.ts';

export interface Sending {
  db: Db;
  log: Log;
  settings: { WEBHOOK_ALLOW: readonly string[]; WEBHOOK_SECONDS: number };
}

/**
 * Sends a delivery and writes down what became of it. Killed in between, it is sent again under the same id: receivers
 * may see one more than once.
 */
export async function sendDelivery({ db, log, settings }: Sending, leased: Leased, signal: AbortSignal): Promise<void> {
  const began = performance.now();
  const attempted = await attempt(db, leased, settings, signal);
  const ms = Math.round(performance.now() - began);
  await endAttempt(db, leased, ms, attempted);
  log.info({ delivery: leased.id, attempt: leased.attempt, owner: leased.owner, ...attempted, ms }, 'delivery sent');
}

async function attempt(db: Db, leased: Leased, settings: Sending['settings'], signal: AbortSignal): Promise<Attempted> {
  const { id, body, event, url } = leased;
  const secret = leased.secret ?? (await ownSecret(db, leased.owner));
  const headers = {
    'content-type': 'application/json',
    'claqueta-delivery': id,
    'claqueta-attempt': String(leased.attempt),
    'claqueta-event': event,
    'claqueta-signature': signatureOf(body, secret, Math.floor(Date.now() / 1000)),
  };
  const { WEBHOOK_ALLOW: allow, WEBHOOK_SECONDS } = settings;
  try {
    return judge(await postGuarded(url, { body, headers, allow, limitMs: WEBHOOK_SECONDS * 1000, signal }));
  } catch (error) {
    if (signal.aborted) return { status: null, error: 'stopped' };
    throw error;
  }
}
