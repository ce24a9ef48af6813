import { createHash, randomBytes } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { rows, type Db } from '../../shared/db/connect.ts';
import { ApiError } from '../errors.ts';
import type { User } from './tokens.ts';

const REFRESH_SECONDS = 30 * 24 * 3600;

/**
 * Refresh tokens are used once: each use gives the next of its family. One that is used again was stolen, by the one
 * who used it first or by this one, so the whole family ends. Only hashes are kept.
 */
export async function issueRefreshToken(db: Db, user: string, family: string = uuidv7()): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await db.raw(
    `insert into refresh_tokens (token_hash, family, user_id, expires_at)
     values (:hash, :family, :user, clock_timestamp() + make_interval(secs => :seconds))`,
    { hash: hashOf(token), family, user, seconds: REFRESH_SECONDS },
  );
  return token;
}

/** @throws ApiError 401 when the token is unknown, expired or used before */
export async function useRefreshToken(db: Db, token: string): Promise<{ user: User; family: string }> {
  const [used] = await rows<{ family: string; id: string; role: User['role'] }>(
    db,
    `update refresh_tokens set used_at = clock_timestamp()
     from users
     where token_hash = :hash and used_at is null and expires_at > clock_timestamp() and users.id = user_id
     returning family, users.id, users.role`,
    { hash: hashOf(token) },
  );
  if (used) return { user: { id: used.id, role: used.role }, family: used.family };
  await endFamily(db, token);
  throw new ApiError(401, 'unauthorized', 'The refresh token is not valid any more. Log in again.');
}

/** Logs out: no token that came from the same log-in works any more. Unknown tokens are no error. */
export async function endFamily(db: Db, token: string): Promise<void> {
  await db.raw(
    `delete from refresh_tokens where family = (select family from refresh_tokens where token_hash = :hash)`,
    { hash: hashOf(token) },
  );
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
