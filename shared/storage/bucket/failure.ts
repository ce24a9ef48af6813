/** Reading the errors of three HTTP clients: Node's, and the two inside of Google's client. Pure. */

const SOCKET = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

/** An answer that was not the one hoped for. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(`Cloud Storage answered ${status}: ${detail.slice(0, 500)}`);
    this.name = 'Refused';
    this.status = status;
  }
}

/** What took too long. */
export class TookTooLong extends Error {
  constructor(what: string, ms: number) {
    super(`${what} took longer than ${ms} ms`);
    this.name = 'TookTooLong';
  }
}

/** The HTTP status an error carries, wherever its client puts it; undefined for one without an answer. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const { status, code, response } = error as { status?: unknown; code?: unknown; response?: { status?: unknown } };
  const found = [status, code, response?.status].map(Number).find((number) => number >= 100 && number < 600);
  return found;
}

/** Whether the same call may succeed on the next try. */
export function passes(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const status = statusOf(error);
  if (status !== undefined) return status === 408 || status === 429 || status >= 500;
  if (error instanceof TookTooLong) return true;
  const { code, type } = error as { code?: unknown; type?: unknown };
  // node-fetch says of a connection only that it was the system, or that time ran out.
  return SOCKET.has(String(code)) || type === 'system' || type === 'request-timeout' || type === 'body-timeout';
}
