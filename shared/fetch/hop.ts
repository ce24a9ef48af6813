import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { LookupFunction, TcpSocketConnectOpts } from 'node:net';
import { Problem } from '../task/problem.ts';
import { answerTo } from './answer-to.ts';
import { guardDial } from './dial.ts';
import { askingProblem, readingProblem } from './failure.ts';
import type { DownloadLimits } from './limits.ts';
import { rangeHeaders, type Held } from './resume.ts';

export interface Asking {
  /** `host:port` pairs that may be dialed although private. */
  allow: readonly string[];
  limits: Required<DownloadLimits>;
  /** Ends the download; its reason is the error. */
  stop: AbortController;
  lookup: LookupFunction | undefined;
  /** What is there already, to ask for the rest; null asks for the whole. */
  held: Held | null;
}

/** An answer whose body is still to come. */
export interface Hop {
  status: number;
  headers: http.IncomingHttpHeaders;
  /** The body. Its failures are Problems. */
  chunks: () => AsyncGenerator<Buffer>;
  /** Ends the connection without reading the body. */
  close: () => void;
}

/** One slow address must not use up the time of the others; Node's own 250 ms give up on another continent. */
const attemptMs = 1500;
const headers = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'Claqueta' };

/**
 * Makes one connection, guarded by `dial.ts`, and one request on it.
 *
 * With Node's own client and not undici: undici 7 throws out of reach of any handler, and so ends the process, when a
 * server closes a connection whose body we are slow to read (nodejs/undici#5360, mended in 8 only).
 * @throws Problem when there is no answer
 */
export async function ask(url: URL, { allow, limits, stop, lookup, held }: Asking): Promise<Hop> {
  const options: https.RequestOptions & Pick<TcpSocketConnectOpts, 'autoSelectFamilyAttemptTimeout'> = {
    lookup: guardDial(url, allow, lookup),
    // A connection of its own for each hop: each one dials anew, and so is checked anew.
    agent: false,
    autoSelectFamilyAttemptTimeout: attemptMs,
    maxHeaderSize: 16 * 1024,
    signal: stop.signal,
    headers: held ? { ...headers, ...rangeHeaders(held) } : headers,
  };
  const request = (url.protocol === 'https:' ? https : http).get(url, options);
  let broken: Error | undefined;
  request.on('error', (error) => (broken ??= error));
  const clear = limitWaits(request, url, limits, stop);
  try {
    const answer = await answerTo(request, stop.signal);
    const { statusCode: status = 0, headers } = answer;
    return { status, headers, chunks: () => chunksOf(answer, () => broken), close: () => request.destroy() };
  } catch (error) {
    request.destroy();
    throw askingProblem(error);
  } finally {
    clear();
  }
}

async function* chunksOf(answer: IncomingMessage, broken: () => Error | undefined): AsyncGenerator<Buffer> {
  try {
    yield* answer as AsyncIterable<Buffer>;
  } catch (error) {
    throw readingProblem(error, broken());
  }
}

/** Sockets only have time-outs between bytes, which a server can put off for ever with a byte or a 1xx now and then. */
function limitWaits(request: ClientRequest, url: URL, limits: Asking['limits'], stop: AbortController): () => void {
  const giveUp = (what: string, seconds: number) =>
    setTimeout(() => stop.abort(new Problem('source_unreachable', `no ${what} in ${seconds} s`)), seconds * 1000);
  let wait = giveUp('connection', limits.connectSeconds);
  request.once('socket', (socket) => {
    socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      clearTimeout(wait);
      wait = giveUp('answer', limits.headersSeconds);
    });
  });
  return () => clearTimeout(wait);
}
