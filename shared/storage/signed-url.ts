import { createHmac, timingSafeEqual } from 'node:crypto';

/** Addresses at which our own web serves the files of a folder, until they expire. Pure. */
export const MEDIA_ROUTE = '/media/';

export function signMediaUrl(
  key: string,
  secret: string,
  { seconds, filename }: { seconds: number; filename?: string },
  now = Date.now(),
): string {
  const expires = Math.floor(now / 1000) + seconds;
  const query = new URLSearchParams({ expires: String(expires) });
  if (filename) query.set('filename', filename);
  query.set('signature', sign(key, expires, filename ?? '', secret));
  return `${MEDIA_ROUTE}${key}?${query.toString()}`;
}

/** Whether an address was signed by us, with any of the secrets, and still holds. */
export function mediaUrlHolds(
  key: string,
  query: URLSearchParams,
  secrets: readonly string[],
  now = Date.now(),
): boolean {
  const expires = Number(query.get('expires'));
  if (!Number.isSafeInteger(expires) || expires * 1000 < now) return false;
  const given = Buffer.from(query.get('signature') ?? '');
  return secrets.some((secret) => {
    const right = Buffer.from(sign(key, expires, query.get('filename') ?? '', secret));
    return given.length === right.length && timingSafeEqual(given, right);
  });
}

function sign(key: string, expires: number, filename: string, secret: string): string {
  return createHmac('sha256', secret).update(`media\n${key}\n${expires}\n${filename}`).digest('base64url');
}
