import type { FirstSigns, TokenKey } from '../../shared/secrets.ts';
import { ApiError } from '../errors.ts';
import { readToken, signingKey, writeToken, type Claims } from './access-token.ts';
import type { Standings } from './standings.ts';

/** Who a request comes from. */
export interface User {
  id: string;
  role: 'owner' | 'admin';
}

export interface Tokens {
  /** How long a token is valid, in seconds. */
  readonly seconds: number;
  /** A short-lived access token. */
  issue(account: { id: string; tokenVersion: number }): string;
  /**
   * @param authorization the request's header
   * @throws ApiError 401
   */
  authenticate(authorization: string): Promise<User>;
}

/**
 * Access tokens. They say who somebody is and nothing of what they may do: that is read from the account, so that
 * whoever is no admin any more is none at once.
 *
 * @param keys the first signs, all verify
 * @param seconds how long a token is valid
 */
export function accessTokens(keys: FirstSigns<TokenKey>, standings: Standings, seconds: number): Tokens {
  const [first, ...others] = keys;
  const signing = signingKey(first);
  const live = [signing, ...others.map(signingKey)];

  function read(token: string): Claims {
    try {
      return readToken(token, live, seconds, secondsNow());
    } catch (error) {
      throw notValid(error);
    }
  }

  return {
    seconds,

    issue({ id, tokenVersion }) {
      return writeToken({ id, version: tokenVersion }, signing, seconds, secondsNow());
    },

    async authenticate(authorization) {
      const token = /^Bearer (\S+)$/i.exec(authorization)?.[1];
      if (!token) throw unauthorized('Log in and send the token as Authorization: Bearer <token>.');
      const { id, version } = read(token);
      let standing = await standings.of(id);
      if (standing && standing.tokenVersion < version) {
        // Another process has revoked and issued since.
        standings.forget(id);
        standing = await standings.of(id);
      }
      if (standing?.tokenVersion !== version) throw notValid(new Error('the token was revoked'));
      return { id, role: standing.role };
    },
  };
}

function secondsNow(): number {
  return Math.floor(Date.now() / 1000);
}

function notValid(cause: unknown): ApiError {
  return unauthorized('The token is not valid any more. Log in again, or refresh it.', cause);
}

function unauthorized(detail: string, cause?: unknown): ApiError {
  return new ApiError(401, 'unauthorized', detail, {
    headers: { 'WWW-Authenticate': 'Bearer realm="claqueta"' },
    cause,
  });
}
