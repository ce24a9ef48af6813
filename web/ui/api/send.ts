import { ANSWER_MS } from './limits.ts';
import { Refusal, Unreachable } from './refusal.ts';

export interface Answer<T> {
  body: T;
  headers: Headers;
}

interface Sending {
  body?: object | undefined;
  signal?: AbortSignal | undefined;
  token?: string;
  idempotencyKey?: string | undefined;
}

/**
 * One request to the API, and its JSON.
 *
 * @throws Refusal when it says no, Unreachable when it says nothing
 */
export async function send<T>(method: string, path: string, sending: Sending = {}): Promise<Answer<T>> {
  const { body, signal, token, idempotencyKey } = sending;
  const limit = AbortSignal.timeout(ANSWER_MS);
  const init: RequestInit = {
    method,
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
    headers: {
      Accept: 'application/json',
      ...(token && { Authorization: `Bearer ${token}` }),
      ...(idempotencyKey && { 'Idempotency-Key': idempotencyKey }),
      ...(body && { 'Content-Type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  };
  const response = await fetch(path, init).catch(giveUp);
  const text = await response.text().catch(giveUp);
  const answer = parse(text);
  if (response.ok) return { body: answer as T, headers: response.headers };
  // What stands in front of the service (a balancer, a proxy) has no problem to tell.
  if (response.status >= 502) throw new Unreachable(`HTTP ${response.status}`);
  throw new Refusal(response.status, answer ?? {});
}

function giveUp(error: unknown): never {
  throw new Unreachable(String(error));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
