import { createHmac, randomBytes } from 'node:crypto';

/** Pure, but for the randomness of a new secret. */
export function newSecret(): string {
  return `whsec_${randomBytes(24).toString('base64url')}`;
}

/**
 * The header that shows who sent a body and when.
 *
 * @param at seconds since 1970; the receiver refuses what is too old, or anybody could send it again
 */
export function signatureOf(body: string, secret: string, at: number): string {
  const mac = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
  return `t=${at},v1=${mac}`;
}
