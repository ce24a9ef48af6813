import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Running } from '../shared/lifecycle.ts';
import type { Parts } from '../shared/parts.ts';
import { mediaSecrets, tokenKeys } from '../shared/secrets.ts';
import { loadCatalog } from '../shared/task/catalog.ts';
import { keepSweeping } from '../shared/task/keep-sweeping.ts';
import type { Profile } from '../shared/task/profile.ts';
import { accountRoutes } from './account.ts';
import { adminRoutes } from './admin/routes.ts';
import { createApp } from './app.ts';
import { serveArchive } from './archives/serve-archive.ts';
import { authRoutes, type Accounts } from './auth/routes.ts';
import { standings } from './auth/standings.ts';
import { tidyAccounts } from './auth/tidy.ts';
import { accessTokens } from './auth/tokens.ts';
import { watchChanges } from './events/changes.ts';
import { eventRoutes, type EventParts } from './events/routes.ts';
import { healthRoutes } from './health.ts';
import { serveMedia } from './media.ts';
import { aboutRoutes } from './about.ts';
import { answerMalformed } from './limits/malformed.ts';
import { ownerTurns } from './limits/owner-turns.ts';
import { paceOf, quotaOf } from './limits/limits.ts';
import { metricsPage } from './metrics-page.ts';
import { servePage } from './page/serve.ts';
import { profileRoutes } from './profiles/routes.ts';
import type { Route } from './route.ts';
import { serveStream } from './streams/serve-stream.ts';
import { securityTxt } from './security-txt.ts';
import { taskRoutes } from './tasks/routes.ts';
import { receivePut } from './uploads/receive-put.ts';
import { uploadRoutes } from './uploads/routes.ts';
import { usageRoutes } from './usage/routes.ts';
import { keepSending } from './webhooks/keep-sending.ts';
import { webhookRoutes } from './webhooks/routes.ts';

/** Requests that run get this long to end when the server stops. */
const DRAIN_MS = 3_000;

/** A connection on which nothing moves for so long is closed. */
const IDLE_MS = 120_000;

/** Workers sweep more often; web does it for a fleet that is scaled to nothing. */
const SWEEP_EVERY_MS = 60_000;

/** @property details told at `/readyz` by whoever runs more than web in its process */
interface WebOptions {
  idleMs?: number;
  details?: Record<string, unknown>;
}

/** Serves the API, and sweeps. Answers the address that it is served at. */
export async function startWeb(
  parts: Parts,
  { idleMs = IDLE_MS, details }: WebOptions = {},
): Promise<Running & { url: string }> {
  const { settings, storage, metrics, log } = parts;
  const known = standings(parts.db);
  const tokens = accessTokens(await tokenKeys(settings), known, settings.ACCESS_TOKEN_SECONDS);
  const media = await mediaSecrets(settings);
  const stopping = new AbortController();
  const changes = watchChanges(parts);
  const [mediaSecret] = media;
  const { PUBLIC_URL: publicUrl, PRICE_CPU_HOUR: price } = settings;
  const live = { ...parts, tokens, mediaSecret, price, changes, publicUrl, stopping: stopping.signal };
  const accounts = { db: parts.db, tokens, standings: known, settings };
  const routes = apiRoutes(parts, { accounts, live, details }, await loadCatalog());
  const app = createApp({
    routes,
    others: [
      metricsPage(metrics, settings),
      securityTxt(settings),
      await servePage(settings),
      serveMedia(storage, media),
      serveArchive(parts.db, storage, media),
      serveStream(storage, media),
      receivePut(parts.db, storage, media, paceOf(settings)),
    ],
    tokens,
    settings,
    log,
  });
  const handle = app.callback();
  // Without a Host our own check answers, in the form of all errors.
  const server = createServer({ requireHostHeader: false }, (request, response) => void handle(request, response));
  answerMalformed(server, log);
  // A large upload takes long, as long as it goes on; a client that stops half-way does not keep its connection.
  server.requestTimeout = 0;
  server.headersTimeout = 20_000;
  server.setTimeout(idleMs);
  await listen(server, settings.PORT, settings.HOST);
  const { port } = server.address() as AddressInfo;
  const url = `http://${settings.HOST.includes(':') ? `[${settings.HOST}]` : settings.HOST}:${port}`;
  log.info({ url }, 'web ready');
  const sweeping = keepSweeping(parts, stopping.signal, {
    everyMs: SWEEP_EVERY_MS,
    tidy: () => tidyAccounts(parts.db, settings, stopping.signal),
  });
  const sending = keepSending({ ...parts, changes }, stopping.signal);
  return {
    url,
    async stop() {
      stopping.abort();
      await Promise.all([close(server), sweeping, sending, changes.close()]);
    },
  };
}

function apiRoutes(
  parts: Parts,
  { accounts, live, details }: { accounts: Accounts; live: EventParts; details: WebOptions['details'] },
  profiles: ReadonlyMap<string, Profile>,
): Route[] {
  const { settings, db, queue, storage, log } = parts;
  const submitting = {
    db,
    queue,
    storage,
    log,
    profiles,
    allow: settings.SOURCE_ALLOW,
    allowCallbacks: settings.WEBHOOK_ALLOW,
    maxBytes: settings.SOURCE_MAX_BYTES,
    mediaSecret: live.mediaSecret,
    price: live.price,
    pace: paceOf(settings),
    quota: quotaOf(settings),
    turns: ownerTurns(),
  };
  const routes = [
    ...authRoutes(accounts),
    ...accountRoutes(db),
    ...taskRoutes(submitting, settings.PUBLIC_URL),
    ...eventRoutes(live),
    ...uploadRoutes(submitting, settings.PUBLIC_URL),
    ...usageRoutes(db, live.price),
    ...webhookRoutes(db, settings.WEBHOOK_ALLOW),
    ...profileRoutes(accounts, profiles),
    ...healthRoutes(db, queue, storage, details),
    ...adminRoutes(parts),
  ];
  return [...routes, ...aboutRoutes(routes)];
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(taken ? new Error(`Port ${port} is taken. Set PORT to another, or to 0 for any free one.`) : error);
    });
    server.listen(port, host, resolve);
  });
}

/** Takes no more requests, lets running ones end, and cuts off what takes too long. */
async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cutOff = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(cutOff);
}
