import { accessToken, endSession } from '../session/session.ts';
import { send, type Answer } from './send.ts';
import { Refusal } from './refusal.ts';

interface Asking {
  body?: object;
  signal?: AbortSignal;
  /** The same for each try at one thing, so that it is done once. */
  idempotencyKey?: string;
}

/**
 * Asks the API as who is logged in. A token that is not taken any more is refreshed once; then the session is over.
 *
 * @throws Refusal, Unreachable
 */
export async function ask<T>(method: string, path: string, asking: Asking = {}): Promise<Answer<T>> {
  const token = await accessToken();
  try {
    return await send<T>(method, path, { ...asking, token });
  } catch (error) {
    if (!isUnauthorized(error)) throw error;
  }
  const next = await accessToken(token);
  return send<T>(method, path, { ...asking, token: next }).catch((error: unknown) => {
    if (isUnauthorized(error)) endSession();
    throw error;
  });
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof Refusal && error.status === 401;
}
