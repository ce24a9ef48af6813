import { endSessions, lockAccount } from '../../shared/accounts.ts';
import { audit, type Origin } from '../../shared/audit.ts';
import { rows, type Db } from '../../shared/db/connect.ts';
import { ApiError } from '../errors.ts';
import { checkPassword, hashPassword, refuseWhenFull } from './passwords.ts';
import type { Holder } from './refresh-tokens.ts';
import { takeTry, type ThrottleSettings } from './throttle.ts';

type ClientOrigin = Origin & { address: string };

/**
 * Who has this email address and this password.
 *
 * @throws ApiError 401, the same for an unknown address and a wrong password and in the same time; 429 when there were too
 *   many tries, or too many log in at once
 */
export async function logIn(
  db: Db,
  settings: ThrottleSettings,
  { email, password }: { email: string; password: string },
  from: ClientOrigin,
): Promise<Holder> {
  refuseWhenFull();
  const taken = await takeTry(db, settings, email, from.address);
  const [account] = await rows<Holder & { password_hash: string }>(
    db,
    `select id, token_version as "tokenVersion", password_hash from users where lower(email) = lower(:email)`,
    { email },
  );
  const right = await checkPassword(password, account?.password_hash ?? null);
  if (!account || !right) {
    const user = account?.id ?? null;
    await audit(db, { event: 'log_in_failed', user, ...from });
    // Not every refusal that follows, which would let anybody fill the audit.
    if (taken.slowed) await audit(db, { event: 'log_in_throttled', user, ...from });
    throw new ApiError(401, 'wrong_credentials', 'The email address or the password is wrong.');
  }
  await taken.giveBack();
  return { id: account.id, tokenVersion: account.tokenVersion };
}

/**
 * Gives an account another password and ends all its sessions.
 *
 * @returns the holder of the new session
 * @throws ApiError as `logIn`: who holds a stolen token must not find out the password by it
 */
export async function changePassword(
  db: Db,
  settings: ThrottleSettings,
  user: string,
  { password, new_password: next }: { password: string; new_password: string },
  from: ClientOrigin,
): Promise<Holder> {
  const [account] = await rows<{ email: string }>(db, `select email from users where id = :user`, { user });
  const checked = await logIn(db, settings, { email: account?.email ?? '', password }, from);
  const passwordHash = await hashPassword(next);
  const changed = await db.transaction(async (trx) => {
    await lockAccount(trx, { id: user });
    const [row] = await rows<{ tokenVersion: number }>(
      trx,
      `update users set password_hash = :passwordHash where id = :user and token_version = :tokenVersion
       returning token_version + 1 as "tokenVersion"`,
      { user, passwordHash, tokenVersion: checked.tokenVersion },
    );
    if (row) await endSessions(trx, user, 'password_changed', from);
    return row;
  });
  if (!changed) throw new ApiError(401, 'unauthorized', 'The session was ended at the same moment. Log in again.');
  return { id: user, tokenVersion: changed.tokenVersion };
}
