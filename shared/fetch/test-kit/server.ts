import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** A server on loopback for one test. */
export interface LocalServer {
  /** `127.0.0.1:port`, as SOURCE_ALLOW writes it. */
  at: string;
  port: number;
  /** Connections so far: the first sign that a guard let something through. */
  connections: () => number;
}

/** Speaks HTTP. */
export function serve(t: TestContext, listener: RequestListener): Promise<LocalServer> {
  return listen(t, createServer(listener));
}

/** Speaks whatever the test wants, once the first bytes of a request are there. */
export function serveRaw(t: TestContext, speak: (socket: Socket, head: string) => void): Promise<LocalServer> {
  const server = createTcpServer((socket) => {
    // A client that gives up resets the connection; that is what many tests are about.
    socket.on('error', () => {});
    socket.once('data', (head) => speak(socket, head.toString('latin1')));
  });
  return listen(t, server);
}

/** Must never be reached. */
export function serveCanary(t: TestContext): Promise<LocalServer> {
  return serve(t, (_request, response) => response.end('reached'));
}

async function listen(t: TestContext, server: Server): Promise<LocalServer> {
  let connections = 0;
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Ends only when every connection has: a test whose download leaves one open does not end in time.
  t.after(() => new Promise((resolve) => server.close(resolve)), { timeout: 5000 });
  const { port } = server.address() as AddressInfo;
  return { at: `127.0.0.1:${port}`, port, connections: () => connections };
}
