import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { mkdir } from 'node:fs/promises';
import type { TestContext } from 'node:test';
import { freshFolder } from '../folder.ts';
import { answer, type Parts } from './calls.ts';
import { Faults } from './faults.ts';
import { writeCredentials } from './identity.ts';
import { Objects } from './objects.ts';
import { Refusal, sendRefusal } from './reply.ts';
import { ResumableUploads } from './resumable.ts';

export interface GcsDouble extends Parts {
  url: string;
  bucket: string;
  /** `PUT /path?query` of every call so far, with its Content-Range. */
  calls: string[];
  /** Settings and credentials for processes of the service. */
  env: Record<string, string>;
  /** Lets the double's clock run ahead, so that what was signed expires. */
  advance(ms: number): void;
  stop(): Promise<void>;
}

/** Credentials are looked for in the environment of the process, so there is one key for all doubles of it. */
let credentials: string | undefined;

/**
 * A double of Cloud Storage for one bucket: the calls of the JSON API that we and Google's client make, with checksums,
 * conditions and signatures really checked. Ended with the test.
 */
export async function startGcsDouble(t: TestContext): Promise<GcsDouble> {
  const bucket = 'claqueta-test';
  const folder = path.join(await freshFolder(t), 'objects');
  await mkdir(folder);
  const objects = new Objects(bucket, folder);
  let ahead = 0;
  const parts: Parts = {
    objects,
    uploads: new ResumableUploads(objects),
    faults: new Faults(),
    granted: new Set(['create', 'get', 'list', 'delete'].map((verb) => `storage.objects.${verb}`)),
    pageSize: 1000,
    now: () => Date.now() + ahead,
  };
  const calls: string[] = [];
  const server = createServer((request, response) => {
    calls.push(`${request.method} ${request.url} ${request.headers['content-range'] ?? ''}`.trim());
    void serve(request, response, parts);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  t.after(stop);

  credentials ??= process.env.GOOGLE_APPLICATION_CREDENTIALS = writeCredentials();
  const env = {
    STORAGE: 'gcs',
    STORAGE_BUCKET: bucket,
    STORAGE_ENDPOINT: url,
    GOOGLE_CLOUD_PROJECT: 'test-project',
    GOOGLE_APPLICATION_CREDENTIALS: credentials,
  };
  return Object.assign(parts, { url, bucket, calls, env, stop, advance: (ms: number) => void (ahead += ms) });
}

async function serve(request: IncomingMessage, response: ServerResponse, parts: Parts): Promise<void> {
  const call = { request, response, url: new URL(request.url ?? '/', `http://${request.headers.host}`) };
  try {
    await answer(call, parts);
  } catch (error) {
    if (response.headersSent || response.destroyed) return void response.destroy();
    sendRefusal(call, error instanceof Refusal ? error : new Refusal(500, 'backendError', String(error)));
  }
}
