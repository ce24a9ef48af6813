import { createHmac, timingSafeEqual } from 'node:crypto';

/** Addresses at which our own web takes a file for a folder by PUT, until they expire. Pure. */
export const UPLOAD_ROUTE = '/uploads/';

export interface UploadGrant {
  bytes: number;
  expiresAt: Date;
}

export function signUploadUrl(
  key: string,
  secret: string,
  { bytes, seconds }: { bytes: number; seconds: number },
  now = Date.now(),
): string {
  const expires = Math.floor(now / 1000) + seconds;
  const query = new URLSearchParams({ bytes: String(bytes), expires: String(expires) });
  query.set('signature', sign(key, bytes, expires, secret));
  return `${UPLOAD_ROUTE}${key}?${query.toString()}`;
}

/** What an address allows; null when we did not sign it with any of the secrets, or it has expired. */
export function readUploadUrl(
  key: string,
  query: URLSearchParams,
  secrets: readonly string[],
  now = Date.now(),
): UploadGrant | null {
  const bytes = Number(query.get('bytes'));
  const expires = Number(query.get('expires'));
  if (!Number.isSafeInteger(bytes) || !Number.isSafeInteger(expires) || expires * 1000 < now) return null;
  const given = Buffer.from(query.get('signature') ?? '');
  const isOurs = secrets.some((secret) => {
    const right = Buffer.from(sign(key, bytes, expires, secret));
    return given.length === right.length && timingSafeEqual(given, right);
  });
  return isOurs ? { bytes, expiresAt: new Date(expires * 1000) } : null;
}

/** Begins with its use, so that an address to read from is never one to write to. */
function sign(key: string, bytes: number, expires: number, secret: string): string {
  return createHmac('sha256', secret).update(`upload\n${key}\n${bytes}\n${expires}`).digest('base64url');
}
