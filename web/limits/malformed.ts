import { STATUS_CODES, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { uuidv7 } from 'uuidv7';
import type { Log } from '../../shared/log.ts';

interface Refusal {
  status: number;
  code: string;
  detail: string;
}

/** Codes of Node's parser that have a status of their own; all others are a 400. */
const refusals: Record<string, Refusal> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'headers_too_large',
    detail: 'The address and the headers are too long. Send fewer or shorter ones.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: 'request_too_slow',
    detail: 'The head of the request did not come in time. Send it again.',
  },
};
const malformed: Refusal = {
  status: 400,
  code: 'malformed_request',
  detail: 'This is not a request as HTTP has it (RFC 9112).',
};
const expectation: Refusal = {
  status: 417,
  code: 'expectation_failed',
  detail: 'The only expectation that is met is 100-continue.',
};

/** Answers what never gets to be a request in the same form as all other errors, with an id that the log has. */
export function answerMalformed(server: Server, log: Log): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // What is under way on this connection would be garbled.
    if (!socket.writable || error.code === 'ECONNRESET' || hasBegunToAnswer(socket)) {
      socket.destroy(error);
      return;
    }
    const refusal = refusals[error.code ?? ''] ?? malformed;
    const requestId = uuidv7();
    log.info({ request_id: requestId, status: refusal.status, code: error.code }, 'not a request');
    const { body, headers } = answer(refusal, requestId);
    const head = Object.entries({ ...headers, Connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`);
    const title = STATUS_CODES[refusal.status] ?? 'Error';
    socket.end(`HTTP/1.1 ${refusal.status} ${title}\r\n${head.join('')}\r\n${body}`, () => socket.destroy());
  });
  server.on('checkExpectation', (_request, response) => {
    const { body, headers } = answer(expectation, uuidv7());
    response.writeHead(expectation.status, headers).end(body);
  });
}

/** Node keeps the answer under way there, and so does its own handler of this event. */
function hasBegunToAnswer(socket: Duplex & { _httpMessage?: { headersSent: boolean } | null }): boolean {
  return socket._httpMessage?.headersSent ?? false;
}

function answer({ status, code, detail }: Refusal, requestId: string) {
  const title = STATUS_CODES[status] ?? 'Error';
  const body = JSON.stringify({ type: 'about:blank', title, status, detail, code, request_id: requestId });
  const headers = {
    'Content-Type': 'application/problem+json',
    'Content-Length': String(Buffer.byteLength(body)),
    'X-Request-Id': requestId,
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  };
  return { body, headers };
}
