import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Cleanup } from './undo.ts';

export interface VideoServer {
  /** Address of a file that is served. */
  urlOf(file: string): string;
  /** Address that is answered in another way. */
  answering(name: string, answer: (request: IncomingMessage, response: ServerResponse) => void): string;
  /** What SOURCE_ALLOW has to name, since the server is on loopback. */
  allow: string;
}

/** Serves files on loopback, as any web server would. */
export async function serveVideos(t: Cleanup): Promise<VideoServer> {
  const answers = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>();
  const server = createServer((request, response) => {
    const answer = answers.get(request.url ?? '');
    if (answer) answer(request, response);
    else response.writeHead(404).end('nothing here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const allow = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  t.after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  function answering(name: string, answer: (request: IncomingMessage, response: ServerResponse) => void): string {
    answers.set(`/${name}`, answer);
    return `http://${allow}/${name}`;
  }

  return {
    allow,
    answering,
    urlOf: (file) =>
      answering(path.basename(file), (_request, response) => {
        void stat(file).then(({ size }) => {
          response.writeHead(200, { 'content-length': size, 'content-type': 'video/mp4' });
          createReadStream(file).pipe(response);
        });
      }),
  };
}
