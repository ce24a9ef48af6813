import { createHash, randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { uuidv7 } from 'uuidv7';
import { audit, auditing, type AuditEvent, type Origin } from '../../shared/audit.ts';
import { rows, type Db } from '../../shared/db/connect.ts';
import { ApiError } from '../errors.ts';

const REFRESH_SECONDS = 30 * 24 * 3600;

/**
 * How long a use may be repeated whose answer was lost, or that another window did not hear of. Longer than a client waits
 * for the answer before it asks again: our page waits 30 s.
 */
export const GRACE_SECONDS = 60;

/** Whom tokens are issued to, and the version that they carry. */
export interface Holder {
  id: string;
  tokenVersion: number;
}

export interface Refreshed {
  holder: Holder;
  refreshToken: string;
}

/**
 * The first refresh token of a log-in.
 *
 * @throws ApiError 401 when the account was revoked, or its password changed, since the password was checked
 */
export async function issueRefreshToken(db: Db, holder: Holder, from: Origin): Promise<string> {
  const token = newToken();
  const issued = await rows(
    db,
    `with holder as materialized (
       select id from users where id = :id and token_version = :tokenVersion for key share
     ), issued as (
       insert into refresh_tokens (token_hash, family, user_id, expires_at)
       select cast(:hash as bytea), cast(:family as uuid), id, clock_timestamp() + make_interval(secs => :seconds) from holder
       returning user_id
     ), line as (${auditing('log_in', 'issued', { user: 'user_id' })})
     select from issued`,
    { ...holder, hash: hashOf(token), family: uuidv7(), seconds: REFRESH_SECONDS, ...from },
  );
  if (issued.length === 0) throw notValid();
  return token;
}

/**
 * Refresh tokens are used once: each use gives the next of its family, in one statement, so that no crash leaves a
 * session with neither. One that is used again was stolen, by the one who used it first or by this one, so the whole
 * family ends; only the latest use may be repeated for a moment. Only hashes are kept.
 *
 * @throws ApiError 401 when the token is unknown, expired or used before
 */
export async function useRefreshToken(db: Db, token: string, from: Origin): Promise<Refreshed> {
  const refreshToken = newToken();
  const given = { hash: hashOf(token), next: hashOf(refreshToken), seconds: REFRESH_SECONDS };
  const [holder] = await rows<Holder>(db, USE, given);
  if (holder) return { holder, refreshToken };
  const again = await useAgain(db, token, given, from);
  if (again) return { holder: again, refreshToken };
  throw notValid();
}

/** The account is locked before the token, as `useAgain` and `endFamily` do, so that they never wait for each other. */
const USE = /* sql */ `
with holder as materialized (
  select users.id, users.token_version from refresh_tokens join users on users.id = user_id
  where token_hash = :hash for key share of users
), used as (
  update refresh_tokens set used_at = clock_timestamp() from holder
  where token_hash = :hash and used_at is null and expires_at > clock_timestamp()
  returning family, user_id, holder.token_version
), issued as (
  insert into refresh_tokens (token_hash, family, user_id, expires_at)
  select cast(:next as bytea), family, user_id, clock_timestamp() + make_interval(secs => :seconds) from used
)
select user_id as id, token_version as "tokenVersion" from used
`;

/**
 * A use of a token that was used before. The latest use of a family may be repeated for a moment: what it gave is then
 * superseded, so that there is still one way on, and whoever tries the other ends the family.
 */
async function useAgain(
  db: Db,
  token: string,
  given: { hash: Buffer; next: Buffer; seconds: number },
  from: Origin,
): Promise<Holder | null> {
  return db.transaction(async (trx) => {
    const family = await lockFamily(trx, token, 'and used_at is not null');
    if (!family) return null;
    const [holder] = await rows<Holder>(trx, USE_AGAIN, { ...given, grace: GRACE_SECONDS });
    if (!holder) await endLocked(trx, family, 'refresh_reused', from);
    return holder ?? null;
  });
}

const USE_AGAIN = /* sql */ `
with used as (
  select family, user_id from refresh_tokens as this
  where token_hash = :hash and expires_at > clock_timestamp()
    and used_at > clock_timestamp() - make_interval(secs => :grace)
    and not exists (select from refresh_tokens as later where later.family = this.family and later.used_at > this.used_at)
), superseded as (
  update refresh_tokens set used_at = '-infinity' from used
  where refresh_tokens.family = used.family and used_at is null
), issued as (
  insert into refresh_tokens (token_hash, family, user_id, expires_at)
  select cast(:next as bytea), family, user_id, clock_timestamp() + make_interval(secs => :seconds) from used
)
select users.id, users.token_version as "tokenVersion" from used join users on users.id = used.user_id
`;

/** Ends a session: no refresh token that came from the same log-in works any more. Unknown tokens are no error. */
export async function endFamily(db: Db, token: string, from: Origin): Promise<void> {
  await db.transaction(async (trx) => {
    const family = await lockFamily(trx, token);
    if (family) await endLocked(trx, family, 'log_out', from);
  });
}

interface Family {
  family: string;
  user: string;
}

/** Waits for the next token of the family that somebody may be getting at this moment. The next statement sees it. */
async function lockFamily(trx: Knex.Transaction, token: string, only = ''): Promise<Family | undefined> {
  const [found] = await rows<Family>(
    trx,
    `select family, user_id as user from refresh_tokens join users on users.id = user_id
     where token_hash = :hash ${only} for update of users`,
    { hash: hashOf(token) },
  );
  return found;
}

async function endLocked(
  trx: Knex.Transaction,
  { family, user }: Family,
  why: AuditEvent,
  from: Origin,
): Promise<void> {
  const ended = await rows(trx, 'delete from refresh_tokens where family = :family returning family', { family });
  // None are left where another came first, while this one waited.
  if (ended.length > 0) await audit(trx, { event: why, user, ...from });
}

/** Removes one batch of those that have expired. Used ones are kept until then, to know them again. */
export async function forgetRefreshTokens(db: Db, batch = 1_000): Promise<number> {
  const gone = await rows(
    db,
    `delete from refresh_tokens where token_hash in (
       select token_hash from refresh_tokens where expires_at < clock_timestamp() limit :batch for update skip locked
     ) returning family`,
    { batch },
  );
  return gone.length;
}

function newToken(): string {
  return randomBytes(32).toString('base64url');
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function notValid(): ApiError {
  return new ApiError(401, 'unauthorized', 'The refresh token is not valid any more. Log in again.');
}
