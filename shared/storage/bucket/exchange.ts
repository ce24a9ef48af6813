import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { TookTooLong } from './failure.ts';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/**
 * One request with a body that is at hand, and its whole answer.
 *
 * @param ms for all of it
 */
export function exchange(
  url: string,
  { method, headers = {}, body = Buffer.alloc(0) }: { method: string; headers?: object; body?: Buffer },
  ms: number,
  signal?: AbortSignal,
): Promise<Answer> {
  const { request } = url.startsWith('https:') ? https : http;
  return new Promise<Answer>((resolve, reject) => {
    const options = { method, headers: { ...headers, 'content-length': body.length }, ...(signal && { signal }) };
    const sent = request(url, options, (answer) => {
      const { statusCode: status = 0, headers } = answer;
      text(answer)
        .then((text) => resolve({ status, headers, text }), reject)
        .finally(() => clearTimeout(late));
    });
    const late = setTimeout(() => sent.destroy(new TookTooLong(`${method} of ${body.length} bytes`, ms)), ms);
    sent.on('error', (error) => {
      clearTimeout(late);
      reject(error);
    });
    sent.end(body);
  });
}
