import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';

export interface Request {
  method: string;
  path: string;
  token?: string;
  body?: unknown;
}

export interface Load {
  /** `http://host:port` */
  url: string;
  connections: number;
  seconds: number;
  signal: AbortSignal;
  /** The next one to send. */
  request: () => Request;
  /** Requests a second, sent on time whether or not the one before is answered; as fast as they are answered without. */
  rate?: number;
}

export interface Answers {
  /** Status by status. */
  statuses: Record<number, number>;
  /** From when each was due, or sent, to the last byte of its answer. */
  ms: number[];
  a_second: number;
}

/**
 * Asks over connections that stay open, by sockets of our own: an HTTP client costs several times what a server does, and
 * would be what is measured.
 */
export async function load(given: Load): Promise<Answers> {
  const answers: Answers = { statuses: {}, ms: [], a_second: 0 };
  const { hostname, port } = new URL(given.url);
  const free: Connection[] = [];
  for (let count = 0; count < given.connections; count++) free.push(await Connection.open(hostname, Number(port)));
  const began = performance.now();
  const end = began + given.seconds * 1000;
  const note = (status: number, due: number) => {
    answers.statuses[status] = (answers.statuses[status] ?? 0) + 1;
    answers.ms.push(performance.now() - due);
  };
  const isOver = () => performance.now() >= end || given.signal.aborted;
  if (given.rate) await onTime(given, given.rate, free, { began, isOver, note });
  else await Promise.all(free.map((connection) => inTurn(given, connection, { isOver, note })));
  answers.a_second = answers.ms.length / ((performance.now() - began) / 1000);
  for (const connection of free) connection.close();
  return answers;
}

interface Clock {
  isOver: () => boolean;
  note: (status: number, due: number) => void;
}

async function inTurn({ request }: Load, connection: Connection, { isOver, note }: Clock): Promise<void> {
  while (!isOver()) {
    const sent = performance.now();
    note(await connection.ask(request()), sent);
  }
}

/** Each request counts from when it was due, so that an answer that holds up others is not measured once. */
async function onTime(
  given: Load,
  rate: number,
  free: Connection[],
  { began, isOver, note }: Clock & { began: number },
) {
  const running = new Set<Promise<void>>();
  const idle = [...free];
  for (let sent = 0; !isOver();) {
    const due = began + (sent * 1000) / rate;
    // The one that was idle the longest: the server closes those that are idle for seconds.
    const connection = due <= performance.now() ? idle.shift() : undefined;
    if (!connection) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      continue;
    }
    sent++;
    const asked = connection.ask(given.request()).then((status) => {
      note(status, due);
      idle.push(connection);
      running.delete(asked);
    });
    running.add(asked);
  }
  await Promise.all(running);
}

/** One request at a time over one connection. */
class Connection {
  private received: Buffer = Buffer.alloc(0);
  private answered: (status: number) => void = () => {};
  private failed: (error: Error) => void = () => {};

  private constructor(
    private readonly socket: Socket,
    private readonly host: string,
  ) {
    socket.setNoDelay(true);
    socket.on('data', (bytes) => this.read(bytes));
    socket.on('error', (error) => this.failed(error));
    socket.on('close', () => this.failed(new Error('The server closed a connection.')));
  }

  static async open(host: string, port: number): Promise<Connection> {
    const socket = connect(port, host);
    await once(socket, 'connect');
    return new Connection(socket, `${host}:${port}`);
  }

  ask({ method, path, token, body }: Request): Promise<number> {
    const content = body === undefined ? '' : JSON.stringify(body);
    const head = [
      `${method} ${path} HTTP/1.1`,
      `Host: ${this.host}`,
      ...(token ? [`Authorization: Bearer ${token}`] : []),
      ...(content ? ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(content)}`] : []),
    ];
    return new Promise((resolve, reject) => {
      // Writing would neither fail nor be answered.
      if (this.socket.destroyed) return reject(new Error('The server had closed a connection.'));
      [this.answered, this.failed] = [resolve, reject];
      this.socket.write(`${head.join('\r\n')}\r\n\r\n${content}`);
    });
  }

  private read(bytes: Buffer): void {
    this.received = this.received.length === 0 ? bytes : Buffer.concat([this.received, bytes]);
    const headEnd = this.received.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const head = this.received.toString('latin1', 0, headEnd);
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    if (this.received.length < headEnd + 4 + length) return;
    this.received = Buffer.alloc(0);
    this.answered(Number(head.slice(9, 12)));
  }

  close(): void {
    this.failed = () => {};
    this.socket.destroy();
  }
}
