import { request as ask } from 'node:http';
import { once } from 'node:events';
import type { OutgoingHttpHeaders } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { forgeToken, signUp } from '../test/kit/accounts.ts';
import { atMost, rounded, type Measured, type Run } from './bench.ts';
import { openGround } from './ground.ts';
import { table } from './table.ts';
import { startWebProcess, type WebProcess } from './web-process.ts';

const BYTES = 2 * 10 ** 9;
const QUICK_BYTES = 2 * 10 ** 8;
const PIECE = Buffer.alloc(2 ** 20, 'claqueta');
const LOOK_EVERY_MS = 200;
const BOUNDARY = 'a-boundary-of-a-form';

interface Sent {
  way: string;
  mb_before: number;
  mb_most: number;
  mb_more: number;
  /** MB a second. */
  rate: number;
  status: number;
}

/** The memory of web while a large file is uploaded, through a form and to an address of the storage. */
export async function upload({ t, say, quick, signal }: Run): Promise<Measured> {
  const bytes = quick ? QUICK_BYTES : BYTES;
  const ground = await openGround(t);
  const web = await startWebProcess(t, { SOURCE_MAX_BYTES: String(2 * BYTES) }, ground);
  const { id } = await signUp(web.url);
  const authorization = `Bearer ${await forgeToken(web.settings, id)}`;
  // Small first, so that what is loaded once does not count.
  await byForm(web, authorization, 2 ** 20, signal);
  const rows = [
    await watched('POST /tasks, a form', web, bytes, () => byForm(web, authorization, bytes, signal)),
    await watched('PUT to /uploads', web, bytes, () => byAddress(web, authorization, bytes, signal)),
  ];
  for (const line of table(rows.map((row) => ({ ...row })))) say(line);
  const more = rows.map(({ way, mb_more }) => atMost(`${way}: memory of web, more`, mb_more, 60, ' MB'));
  return { bytes, rows, verdicts: more };
}

async function watched(way: string, web: WebProcess, bytes: number, send: () => Promise<number>): Promise<Sent> {
  const before = await web.megabytes();
  const sizes = [before];
  const done = new AbortController();
  const watching = (async () => {
    while (!done.signal.aborted) {
      sizes.push(await web.megabytes());
      await pause(LOOK_EVERY_MS, undefined, { signal: done.signal }).catch(() => {});
    }
  })();
  const began = performance.now();
  const status = await send();
  const seconds = (performance.now() - began) / 1000;
  done.abort();
  await watching;
  const most = Math.max(...sizes);
  return {
    way,
    mb_before: Math.round(before),
    mb_most: Math.round(most),
    mb_more: Math.round(most - before),
    rate: rounded(bytes / 1e6 / seconds),
    status,
  };
}

function byForm(web: WebProcess, authorization: string, bytes: number, signal: AbortSignal): Promise<number> {
  const field = 'Content-Disposition: form-data; name="video"; filename="video.mp4"';
  const head = `--${BOUNDARY}\r\n${field}\r\nContent-Type: video/mp4\r\n\r\n`;
  const tail = `\r\n--${BOUNDARY}--\r\n`;
  const headers = {
    authorization,
    'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
    'content-length': head.length + bytes + tail.length,
  };
  return send(new URL('/tasks', web.url), 'POST', { headers, head, bytes, tail, signal });
}

async function byAddress(web: WebProcess, authorization: string, bytes: number, signal: AbortSignal): Promise<number> {
  const response = await fetch(new URL('/uploads', web.url), {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ bytes, name: 'video.mp4' }),
  });
  const { url } = (await response.json()) as { url: string };
  const headers = { 'content-length': bytes };
  return send(new URL(url, web.url), 'PUT', { headers, head: '', bytes, tail: '', signal });
}

interface Body {
  headers: OutgoingHttpHeaders;
  head: string;
  bytes: number;
  tail: string;
  signal: AbortSignal;
}

/** Answers the status. */
async function send(url: URL, method: string, { headers, head, bytes, tail, signal }: Body): Promise<number> {
  const request = ask(url, { method, headers, signal });
  const answered = once(request, 'response') as Promise<[{ statusCode?: number; resume(): void }]>;
  request.write(head);
  for (let left = bytes; left > 0; left -= PIECE.length) {
    const piece = left < PIECE.length ? PIECE.subarray(0, left) : PIECE;
    if (!request.write(piece)) await Promise.race([once(request, 'drain', { signal }), answered]);
  }
  request.end(tail);
  const [response] = await answered;
  response.resume();
  return response.statusCode ?? 0;
}
