import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { TookTooLong } from './failure.ts';

export interface Question {
  method: string;
  headers?: Record<string, string>;
  /** At hand as a whole; none is empty. */
  body?: Buffer;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/**
 * Sends a request and answers with the head of the answer; its body is to be read or destroyed.
 *
 * @param ms until the head is there
 * @param signal ends the answer's body, too
 */
export function ask(
  url: string,
  { method, headers = {}, body = Buffer.alloc(0) }: Question,
  ms: number,
  signal?: AbortSignal,
): Promise<IncomingMessage> {
  const { request } = url.startsWith('https:') ? https : http;
  return new Promise<IncomingMessage>((resolve, reject) => {
    const options = { method, headers: { ...headers, 'content-length': body.length }, ...(signal && { signal }) };
    const sent = request(url, options, resolve);
    const late = setTimeout(() => sent.destroy(new TookTooLong(`A ${method} of ${body.length} bytes`, ms)), ms);
    sent.once('response', () => clearTimeout(late));
    sent.on('error', (error) => {
      clearTimeout(late);
      reject(error);
    });
    sent.end(body);
  });
}

/** One request with its whole answer, which is small. */
export async function exchange(url: string, question: Question, ms: number, signal?: AbortSignal): Promise<Answer> {
  const answer = await ask(url, question, ms, signal);
  const late = setTimeout(() => answer.destroy(new TookTooLong('The end of an answer', ms)), ms);
  try {
    return { status: answer.statusCode ?? 0, headers: answer.headers, text: await text(answer) };
  } finally {
    clearTimeout(late);
  }
}
