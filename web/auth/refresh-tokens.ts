import { createHash, randomBytes } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { audit, auditing, type Origin } from '../../shared/audit.ts';
import { rows, type Db } from '../../shared/db/connect.ts';
import { ApiError } from '../errors.ts';

const REFRESH_SECONDS = 30 * 24 * 3600;

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
 * family ends. Only hashes are kept.
 *
 * @throws ApiError 401 when the token is unknown, expired or used before
 */
export async function useRefreshToken(db: Db, token: string, from: Origin): Promise<Refreshed> {
  const refreshToken = newToken();
  const [holder] = await rows<Holder>(db, USE, {
    hash: hashOf(token),
    next: hashOf(refreshToken),
    seconds: REFRESH_SECONDS,
  });
  if (holder) return { holder, refreshToken };
  await endFamily(db, token, 'refresh_reused', from);
  throw notValid();
}

/** The account is locked before the token, as `endFamily` does, so that the two never wait for each other. */
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
 * Ends a session: no refresh token that came from the same log-in works any more. Unknown tokens are no error.
 *
 * @param why a log-out ends it with any of its tokens, a reuse only with one that was used
 */
export async function endFamily(db: Db, token: string, why: 'log_out' | 'refresh_reused', from: Origin): Promise<void> {
  await db.transaction(async (trx) => {
    // Waits for the next token of the family that somebody may be getting at this moment. A second statement sees it.
    const [found] = await rows<{ family: string; user: string }>(
      trx,
      `select family, user_id as user from refresh_tokens join users on users.id = user_id
       where token_hash = :hash ${why === 'refresh_reused' ? 'and used_at is not null' : ''} for update of users`,
      { hash: hashOf(token) },
    );
    if (!found) return;
    const ended = await rows(trx, 'delete from refresh_tokens where family = :family returning family', {
      family: found.family,
    });
    // None are left where another came first, while this one waited.
    if (ended.length > 0) await audit(trx, { event: why, user: found.user, ...from });
  });
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
