import type { IncomingMessage, ServerResponse } from 'node:http';

/** One call to the double. */
export interface Call {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
}

/** An answer with an error, in the JSON API's form. */
export class Refusal extends Error {
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, message = reason) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

export function sendJson({ response }: Call, body: object, status = 200): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

export function sendRefusal(call: Call, { status, reason, message }: Refusal): void {
  sendJson(call, { error: { code: status, message, errors: [{ message, reason, domain: 'global' }] } }, status);
}

export async function readJson({ request }: Call): Promise<Record<string, unknown>> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  const text = Buffer.concat(pieces).toString();
  return text ? (JSON.parse(text) as Record<string, unknown>) : {};
}

/** A header as text; several of the name count as none. */
export function header({ request }: Call, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
