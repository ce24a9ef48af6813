import type { Knex } from 'knex';
import { auditing, type Origin } from './audit.ts';
import { rows, type Db } from './db/connect.ts';

/** What programs and operators do with accounts that are there. */
export interface Account {
  id: string;
  email: string;
  role: 'owner' | 'admin';
}

/**
 * Ends all sessions of an account: no token of it is valid any more, in this process at once and in the others within
 * seconds (`STANDING_MS` of web/auth/standings.ts).
 *
 * @returns null when there is no such account
 */
export async function revokeTokens(db: Db, user: { id: string } | { email: string }, from: Origin) {
  return db.transaction(async (trx) => {
    const account = await lockAccount(trx, user);
    if (account) await endSessions(trx, account.id, 'revoked', from);
    return account;
  });
}

/**
 * Everything issued before does not hold any more, also what is being issued at this moment: issuing takes the lock that
 * `lockAccount` excludes.
 */
export async function endSessions(
  trx: Knex.Transaction,
  id: string,
  why: 'revoked' | 'password_changed',
  from: Origin,
): Promise<void> {
  await trx.raw(
    `with revoked as (update users set token_version = token_version + 1 where id = :id returning id),
     line as (${auditing(why, 'revoked', { user: 'id' })})
     delete from refresh_tokens where user_id in (select id from revoked)`,
    { id, ...from },
  );
}

/** Waits for what is being issued to the account, and keeps others waiting until the end of the transaction. */
export async function lockAccount(trx: Knex.Transaction, user: { id: string } | { email: string }) {
  const [account] = await rows<Account>(
    trx,
    `select id, email, role from users
     where ${'id' in user ? 'id = :id' : 'lower(email) = lower(:email)'} for update`,
    user,
  );
  return account ?? null;
}

/** @returns null when there is no such account */
export async function makeAdmin(db: Db, email: string, from: Origin): Promise<Account | null> {
  const [account] = await rows<Account>(
    db,
    `with made as (
       update users set role = 'admin' where lower(email) = lower(:email) returning id, email, role
     ), line as (${auditing('made_admin', 'made', { user: 'id' })})
     select id, email, role from made`,
    { email, ...from },
  );
  return account ?? null;
}
