import { webcrypto } from 'node:crypto';
import { jwtVerify, SignJWT, type JWTHeaderParameters } from 'jose';
import type { FirstSigns, TokenKey } from '../../shared/secrets.ts';
import { ApiError } from '../errors.ts';
import type { Standings } from './standings.ts';

/** Who a request comes from. */
export interface User {
  id: string;
  role: 'owner' | 'admin';
}

const ISSUER = 'claqueta';
const AUDIENCE = 'claqueta-api';
const ALGORITHM = 'HS256';
/** Says that this is an access token (RFC 9068), so that no other token of ours passes for one. */
const TYPE = 'at+jwt';
/** By how much the clocks of two machines of ours may differ: one issues what the other is asked with at once. */
const SKEW_SECONDS = 5;

export interface Tokens {
  /** How long a token is valid, in seconds. */
  readonly seconds: number;
  /** A short-lived access token. */
  issue(account: { id: string; tokenVersion: number }): Promise<string>;
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
  const [signing] = keys;
  const imported = new Map<TokenKey, Promise<webcrypto.CryptoKey>>();

  /** Once for all tokens: importing takes as long as verifying. */
  function keyFor(given: TokenKey): Promise<webcrypto.CryptoKey> {
    const key = imported.get(given) ?? importKey(given);
    imported.set(given, key);
    return key;
  }

  /** Our own keys alone: what a header brings along (`jwk`, `jku`, `x5c`) is never looked at. */
  async function keyNamed({ kid }: JWTHeaderParameters): Promise<webcrypto.CryptoKey> {
    const found = keys.find(({ id }) => id === kid);
    if (!found) throw new Error('the token names a key that is not live');
    return keyFor(found);
  }

  async function read(token: string): Promise<{ id: string; version: number }> {
    const { payload } = await jwtVerify<{ ver: number }>(token, keyNamed, {
      algorithms: [ALGORITHM],
      typ: TYPE,
      issuer: ISSUER,
      audience: AUDIENCE,
      requiredClaims: ['sub', 'exp', 'iat', 'ver'],
      // Also refuses one from the future.
      maxTokenAge: seconds,
      clockTolerance: SKEW_SECONDS,
    });
    return { id: String(payload.sub), version: payload.ver };
  }

  return {
    seconds,

    async issue({ id, tokenVersion }) {
      return new SignJWT({ ver: tokenVersion })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: signing.id })
        .setSubject(id)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt()
        .setExpirationTime(`${seconds}s`)
        .sign(await keyFor(signing));
    },

    async authenticate(authorization) {
      const token = /^Bearer (\S+)$/i.exec(authorization)?.[1];
      if (!token) throw unauthorized('Log in and send the token as Authorization: Bearer <token>.');
      const { id, version } = await read(token).catch((error: unknown) => {
        throw notValid(error);
      });
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

function importKey({ key }: TokenKey): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
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
