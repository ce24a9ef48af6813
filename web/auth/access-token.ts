import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { TokenKey } from '../../shared/secrets.ts';

/** The form of access tokens: a JSON Web Token (RFC 7519) of one kind, which we alone write. Pure. */
const ISSUER = 'claqueta';
const AUDIENCE = 'claqueta-api';
/** By how much the clocks of two machines of ours may differ: one issues what the other is asked with at once. */
const SKEW_SECONDS = 5;

/** What a token says. */
export interface Claims {
  /** Of the account. */
  id: string;
  /** Of all tokens of the account; raising it ends them. */
  version: number;
}

export interface SigningKey {
  /** The first part of every token that this key signs. */
  head: string;
  key: KeyObject;
}

/** The type says that this is an access token (RFC 9068), so that no other token of ours passes for one. */
export function signingKey({ id, key }: TokenKey): SigningKey {
  return { head: encode({ alg: 'HS256', typ: 'at+jwt', kid: id }), key: createSecretKey(key) };
}

/** @param seconds how long the token is valid, from `now`, in seconds since 1970 */
export function writeToken({ id, version }: Claims, by: SigningKey, seconds: number, now: number): string {
  const claims = { ver: version, sub: id, iss: ISSUER, aud: AUDIENCE, iat: now, exp: now + seconds };
  const text = `${by.head}.${encode(claims)}`;
  return `${text}.${signatureOf(text, by)}`;
}

const issued = z.object({
  iss: z.literal(ISSUER),
  aud: z.literal(AUDIENCE),
  sub: z.string(),
  ver: z.int(),
  iat: z.int(),
  exp: z.int(),
  nbf: z.int().optional(),
});

/**
 * The first part has to be ours to the letter, so that nothing in it, be it an algorithm or a key, is ever chosen by
 * whoever sends it; the second is looked at when its signature is right.
 *
 * @param seconds how old a token gets at most
 * @param now seconds since 1970
 * @throws Error when it is none of ours, or not valid at this moment
 */
export function readToken(token: string, keys: readonly SigningKey[], seconds: number, now: number): Claims {
  const [head = '', payload = '', signature = '', ...more] = token.split('.');
  const key = keys.find((known) => known.head === head);
  if (!key || more.length > 0) throw new Error('the token names no key that is live');
  if (!isSame(signature, signatureOf(`${head}.${payload}`, key))) throw new Error('the token is not signed by us');
  const { sub, ver, iat, exp, nbf = 0 } = issued.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
  const [earliest, latest] = [now - SKEW_SECONDS, now + SKEW_SECONDS];
  if (iat > latest || nbf > latest) throw new Error('the token is from the future');
  if (exp <= earliest || iat + seconds < earliest) throw new Error('the token has expired');
  return { id: sub, version: ver };
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/** By Node's own HMAC: that of Web Crypto goes to another thread and back, which takes ten times as long. */
function signatureOf(text: string, { key }: SigningKey): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

/** In a time that does not tell how much of it is right. */
function isSame(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
