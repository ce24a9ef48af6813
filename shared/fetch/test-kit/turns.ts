import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { serve } from './server.ts';

export const video = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251));
export const half = video.length / 2;
export const etag = '"v1"';
export const changed = 'Sat, 21 Nov 2015 10:00:00 GMT';
/** What the video is later: shorter than what is there of it by then. */
export const remade = Buffer.from('claqueta');

export type Headers = Record<string, string | number>;
/** @param breakOff closes the connection as soon as some of its bytes have arrived */
export type Answer = (request: IncomingMessage, response: ServerResponse, breakOff: () => void) => void;

/** Answers each request in turn, the last answer from there on, and keeps what was asked for. */
export async function serveTurns(t: TestContext, ...turns: Answer[]) {
  const asked: [string | undefined, unknown][] = [];
  const breaks: (() => void)[] = [];
  const server = await serve(t, (request, response) => {
    const turn = turns[asked.length] ?? turns.at(-1);
    asked.push([request.headers.range, request.headers['if-range']]);
    turn?.(request, response, () => breaks.push(() => response.destroy()));
  });
  const onProgress = () => breaks.splice(0).forEach((end) => end());
  return { ...server, asked, options: { url: `http://${server.at}/`, allow: [server.at], onProgress } };
}

/** The head of the whole, and half of it. */
export const broken =
  (headers: Headers = {}): Answer =>
  (_request, response, breakOff) => {
    response.writeHead(200, { 'content-length': video.length, ...headers }).write(video.subarray(0, half));
    breakOff();
  };
/** The same in chunks, which do not tell how many there are. */
export const brokenChunks: Answer = (_request, response, breakOff) => {
  response.writeHead(200, { etag }).write(video.subarray(0, half));
  breakOff();
};
export const whole =
  (headers: Headers = {}, bytes = video): Answer =>
  (_request, response) =>
    response.writeHead(200, { 'content-length': bytes.length, ...headers }).end(bytes);
export const firstByte = ({ headers: { range = '' } }: IncomingMessage) =>
  Number(/^bytes=(\d+)-$/.exec(range)?.[1] ?? 0);
export const rangeFrom = (from: number, total: number | '*' = video.length) =>
  `bytes ${from}-${video.length - 1}/${total}`;
export const rest =
  (headers: Headers = {}): Answer =>
  (request, response) => {
    const from = firstByte(request);
    response.writeHead(206, { 'content-range': rangeFrom(from), ...headers }).end(video.subarray(from));
  };
export const status =
  (code: number, headers: Headers = {}): Answer =>
  (_request, response) =>
    response.writeHead(code, headers).end();
export const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
