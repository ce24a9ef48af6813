import Koa from 'koa';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { folderStorage } from '../../../shared/storage/folder.ts';
import type { Storage } from '../../../shared/storage/storage.ts';
import { toApiError } from '../../../web/errors.ts';
import { serveMedia } from '../../../web/media.ts';
import { freshFolder } from '../folder.ts';
import { openBucket } from './bucket.ts';

/** A storage with what its tests need to know of it. */
export interface Home {
  storage: Storage;
  /** A signed address as a client asks for it. */
  absolute: (url: string) => string;
  /** An address that was signed and has expired. */
  expiredUrl: (key: string) => Promise<string>;
  /** What is left of uploads that did not end well, besides objects. */
  leftovers: () => Promise<number>;
}

/** In a folder, served by a real web. */
export async function inFolder(t: TestContext): Promise<Home> {
  const root = await freshFolder(t);
  const secret = 'a secret of the test';
  const storage = await folderStorage(root, secret);
  const app = new Koa();
  app.silent = true;
  app.use((ctx, next) => next().catch((error: unknown) => void (ctx.status = toApiError(error).status)));
  app.use(serveMedia(storage, [secret]));
  const handle = app.callback();
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    storage,
    absolute: (url) => new URL(url, origin).href,
    expiredUrl: (key) => storage.signUrl(key, { seconds: -1 }),
    leftovers: async () => (await readdir(path.join(root, '.incoming'))).length,
  };
}

/** In a bucket of the double. */
export async function inBucket(t: TestContext): Promise<Home> {
  const { storage, double } = await openBucket(t);
  // Any list has several pages.
  double.pageSize = 2;
  return {
    storage,
    absolute: (url) => url,
    async expiredUrl(key) {
      const url = await storage.signUrl(key, { seconds: 60 });
      double.advance(3_600_000);
      return url;
    },
    leftovers: () => Promise.resolve(double.uploads.open),
  };
}
