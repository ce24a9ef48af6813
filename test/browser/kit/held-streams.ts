import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { undo, type Cleanup } from '../../kit/undo.ts';

/** Stands before the service as a proxy does that gathers answers: of streams it hands on the headers, and no byte. */
export async function holdStreams(t: Cleanup, url: string): Promise<string> {
  const proxy = http.createServer((request, response) => {
    const { method, headers } = request;
    const asked = http.request(new URL(request.url ?? '/', url), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      if (request.url?.endsWith('/events')) response.flushHeaders();
      else answer.pipe(response);
    });
    asked.on('error', () => response.destroy());
    response.on('close', () => asked.destroy());
    request.pipe(asked);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  undo(t, () => {
    proxy.closeAllConnections();
    return new Promise((resolve) => proxy.close(resolve));
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}
