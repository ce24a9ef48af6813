import { createHmac, timingSafeEqual } from 'node:crypto';

/** Addresses at which all clips of a task come as one archive, until they expire. Pure. */
const ROUTE = /^\/archives\/([0-9a-f-]{36})\.zip$/;

/** @param seconds until it expires */
export function signArchiveUrl(task: string, secret: string, seconds: number, now = Date.now()): string {
  const expires = Math.floor(now / 1000) + seconds;
  return `/archives/${task}.zip?expires=${expires}&signature=${sign(task, expires, secret)}`;
}

/** Whether a path is one of these. */
export function isArchivePath(path: string): boolean {
  return ROUTE.test(path);
}

/** The task of an address; null when we did not sign it with any of the secrets, or it has expired. */
export function readArchiveUrl(path: string, query: URLSearchParams, secrets: readonly string[], now = Date.now()) {
  const task = ROUTE.exec(path)?.[1];
  const expires = Number(query.get('expires'));
  if (!task || !Number.isSafeInteger(expires) || expires * 1000 < now) return null;
  const given = Buffer.from(query.get('signature') ?? '');
  const isOurs = secrets.some((secret) => {
    const right = Buffer.from(sign(task, expires, secret));
    return given.length === right.length && timingSafeEqual(given, right);
  });
  return isOurs ? task : null;
}

/** Begins with its use, so that no other address of ours passes for one. */
function sign(task: string, expires: number, secret: string): string {
  return createHmac('sha256', secret).update(`archive\n${task}\n${expires}`).digest('base64url');
}
