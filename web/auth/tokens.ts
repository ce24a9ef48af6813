import { jwtVerify, SignJWT } from 'jose';
import { ApiError } from '../errors.ts';

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
export const ACCESS_SECONDS = 900;

export interface Tokens {
  /** A short-lived access token. */
  issue(user: User): Promise<string>;
  /**
   * @param authorization the request's header
   * @throws ApiError 401
   */
  authenticate(authorization: string): Promise<User>;
}

export function accessTokens(key: Uint8Array): Tokens {
  return {
    issue(user) {
      return new SignJWT({ role: user.role })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
        .setSubject(user.id)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt()
        .setExpirationTime(`${ACCESS_SECONDS}s`)
        .sign(key);
    },

    async authenticate(authorization) {
      const token = /^Bearer (\S+)$/i.exec(authorization)?.[1];
      if (!token) throw unauthorized('Log in and send the token as Authorization: Bearer <token>.');
      try {
        const { payload } = await jwtVerify<{ role: User['role'] }>(token, key, {
          algorithms: [ALGORITHM],
          typ: TYPE,
          issuer: ISSUER,
          audience: AUDIENCE,
          requiredClaims: ['sub', 'exp', 'iat'],
        });
        return { id: String(payload.sub), role: payload.role };
      } catch (error) {
        throw unauthorized('The token is not valid any more. Log in again, or refresh it.', error);
      }
    },
  };
}

function unauthorized(detail: string, cause?: unknown): ApiError {
  return new ApiError(401, 'unauthorized', detail, {
    headers: { 'WWW-Authenticate': 'Bearer realm="claqueta"' },
    cause,
  });
}
