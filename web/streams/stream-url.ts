import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Addresses of a task's stream, until they expire. Pure.
 *
 * The permission is a part of the path, so that the names in a playlist lead to addresses with the same permission, and
 * players need no header.
 */
const ROUTE =
  /^\/streams\/([0-9a-f-]{36})\.(\d{1,9})\.(\d{1,12})\.([\w-]{43})\/([a-z0-9-]{1,32}\.(?:m3u8|mp4|vtt|jpg))$/;

export interface StreamFile {
  task: string;
  /** Of the finish step that made it. */
  attempt: number;
  name: string;
}

/** @param seconds until it expires */
export function signStreamUrl(
  { task, attempt, name }: StreamFile,
  secret: string,
  seconds: number,
  now = Date.now(),
): string {
  const expires = Math.floor(now / 1000) + seconds;
  return `/streams/${task}.${attempt}.${expires}.${sign(task, attempt, expires, secret)}/${name}`;
}

/** Whether a path may be one of these. */
export function isStreamPath(path: string): boolean {
  return path.startsWith('/streams/');
}

/** The file of an address; null when we did not sign it with any of the secrets, or it has expired. */
export function readStreamUrl(path: string, secrets: readonly string[], now = Date.now()): StreamFile | null {
  const [, task = '', attempt, expires, given = '', name = ''] = ROUTE.exec(path) ?? [];
  if (!task || Number(expires) * 1000 < now) return null;
  const signature = Buffer.from(given);
  const isOurs = secrets.some((secret) => {
    const right = Buffer.from(sign(task, Number(attempt), Number(expires), secret));
    return signature.length === right.length && timingSafeEqual(signature, right);
  });
  return isOurs ? { task, attempt: Number(attempt), name } : null;
}

/** Begins with its use, so that no other address of ours passes for one. */
function sign(task: string, attempt: number, expires: number, secret: string): string {
  return createHmac('sha256', secret).update(`stream\n${task}\n${attempt}\n${expires}`).digest('base64url');
}
