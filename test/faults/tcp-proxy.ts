import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { undo, type Cleanup } from '../kit/undo.ts';

export interface TcpProxy {
  port: number;
  /** The connections that are open now go deaf: nothing comes through any more, and nobody is told. */
  halfOpen(): void;
}

/** Stands between a program and a server on loopback. */
export async function startProxy(t: Cleanup, to: number): Promise<TcpProxy> {
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(to, '127.0.0.1');
    for (const [from, into] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(from);
      from.pipe(into);
      from.on('error', () => into.destroy());
      from.on('close', () => {
        open.delete(from);
        if (!deaf.has(from)) into.destroy();
      });
    }
  });
  const deaf = new WeakSet<Socket>();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  undo(t, () => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    halfOpen() {
      for (const socket of open) {
        deaf.add(socket);
        socket.unpipe();
        // Read and thrown away, as by a network that loses every packet.
        socket.resume();
      }
    },
  };
}
