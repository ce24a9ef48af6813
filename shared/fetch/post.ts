import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { Problem } from '../task/problem.ts';
import { answerTo } from './answer-to.ts';
import { guardDial } from './dial.ts';
import { checkSourceUrl } from './url.ts';

/** Why nothing was answered: the address may not be asked, nobody is there, or it took too long. */
export type PostFailure = 'refused' | 'unreachable' | 'too_slow';

export interface Posting {
  body: string;
  headers: Record<string, string>;
  /** `host:port` pairs that may be asked although private. */
  allow: readonly string[];
  /** Longest wait for the head of the answer, connecting included. */
  limitMs: number;
  signal?: AbortSignal;
  /** Resolves names in place of the system. */
  lookup?: LookupFunction;
}

/** Of the answer's body only so much is read, and thrown away: what counts is the status. */
const MOST_READ_BYTES = 4096;

/**
 * Posts to an address that a stranger named, at public addresses only, and follows nothing: a redirect is an answer
 * like any other.
 *
 * @throws the reason of `signal`
 */
export async function postGuarded(url: string, posting: Posting): Promise<{ status: number } | { error: PostFailure }> {
  posting.signal?.throwIfAborted();
  const checked = checkSourceUrl(url, posting.allow);
  if ('refused' in checked) return { error: 'refused' };
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), posting.limitMs);
  const cancel = () => stop.abort();
  posting.signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await ask(checked.url, posting, stop.signal);
  } catch (error) {
    posting.signal?.throwIfAborted();
    if (error instanceof Problem) return { error: 'refused' };
    return { error: stop.signal.aborted ? 'too_slow' : 'unreachable' };
  } finally {
    clearTimeout(late);
    posting.signal?.removeEventListener('abort', cancel);
    stop.abort();
  }
}

async function ask(url: URL, { body, headers, allow, lookup }: Posting, signal: AbortSignal) {
  const request = (url.protocol === 'https:' ? https : http).request(url, {
    method: 'POST',
    lookup: guardDial(url, allow, lookup),
    // A connection of its own: it is dialed anew, and so is checked anew.
    agent: false,
    maxHeaderSize: 16 * 1024,
    signal,
    headers: { ...headers, 'content-length': Buffer.byteLength(body), 'user-agent': 'Claqueta' },
  });
  // Heard for as long as the connection lasts: unheard, it would end the process.
  request.on('error', () => {});
  const answered = answerTo(request, signal);
  request.end(body);
  const answer = await answered;
  await readSome(answer);
  return { status: answer.statusCode ?? 0 };
}

/** A receiver that is read to its end is one less that logs a broken connection. How its body ends is of no interest. */
async function readSome(answer: IncomingMessage): Promise<void> {
  let bytes = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MOST_READ_BYTES) return;
    }
  } catch {
    // The status came, and that is the answer.
  }
}
