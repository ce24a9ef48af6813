import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Running } from '../shared/lifecycle.ts';
import { PAGE_TYPE } from '../shared/metrics/prometheus.ts';
import type { Parts } from '../shared/parts.ts';

const CHECK_MS = 2_000;

/**
 * Serves `/livez` (the process answers), `/readyz` (the database answers too) and `/metrics` of a worker that runs by
 * itself.
 * @param details what an operator may want to know besides; none of it makes the worker unready
 */
export async function serveHealth(
  { settings, db, metrics, log }: Parts,
  details: object = {},
): Promise<Running & { port: number }> {
  const server = createServer((request, response) => {
    answer(request.url ?? '', response).catch((error: unknown) => {
      log.warn({ err: error }, 'not ready');
      send(response, 503, { ready: false });
    });
  });

  async function answer(url: string, response: ServerResponse): Promise<void> {
    if (url === '/livez') return send(response, 200, { alive: true });
    if (url === '/readyz') {
      await db.raw('select 1').timeout(CHECK_MS);
      return send(response, 200, { ready: true, details });
    }
    if (url === '/metrics' && metrics.page) {
      response.writeHead(200, { 'content-type': PAGE_TYPE }).end(await metrics.page());
      return;
    }
    send(response, 404, { code: 'not_found' });
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(settings.HEALTH_PORT, settings.HOST, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
