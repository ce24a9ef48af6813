import { copyFile } from 'node:fs/promises';
import { suffer, type Fault, type Faults } from './faults.ts';
import { EMAIL, keyPair, signBlob, tellIdentity } from './identity.ts';
import { resourceOf, type Objects } from './objects.ts';
import { Refusal, sendJson, type Call } from './reply.ts';
import type { ResumableUploads } from './resumable.ts';
import { sendBytes } from './send.ts';
import { assertSigned } from './signature.ts';
import { takeWhole } from './whole.ts';

/** What the double is made of, and what tests can turn. */
export interface Parts {
  objects: Objects;
  uploads: ResumableUploads;
  faults: Faults;
  /** Permissions that callers have. */
  granted: Set<string>;
  /** Most rows of a list. */
  pageSize: number;
  now(): number;
}

/** Which call of the JSON API this is. */
export async function answer(call: Call, parts: Parts): Promise<void> {
  const { objects, uploads, faults } = parts;
  const fault = faults.take(call);
  await suffer(call, fault);
  const { pathname, searchParams } = call.url;
  const { method } = call.request;
  if (pathname.startsWith('/computeMetadata/')) return tellIdentity(call);
  if (pathname.startsWith('/v1/projects/-/serviceAccounts/')) return signBlob(call);
  if (searchParams.has('X-Goog-Signature')) {
    assertSigned(call, EMAIL, keyPair.publicKey, parts.now());
    return sendBytes(call, objects.get(decodeURIComponent(pathname.split('/').slice(2).join('/'))), fault);
  }

  const [, upload, bucket, rest] = /^(\/upload)?\/storage\/v1\/b\/([^/]+)(?:\/(.*))?$/.exec(pathname) ?? [];
  if (!bucket) throw new Refusal(501, 'notImplemented', `${method} ${pathname}`);
  if (decodeURIComponent(bucket) !== objects.bucket) {
    throw new Refusal(404, 'notFound', 'The specified bucket does not exist.');
  }
  if (upload && searchParams.has('upload_id')) return uploads.go(call, fault);
  if (upload && searchParams.get('uploadType') === 'resumable') return uploads.begin(call);
  if (upload) return takeWhole(call, objects, fault);
  if (rest === 'iam/testPermissions') return testPermissions(call, parts);
  if (rest === 'o' && method === 'GET') return list(call, parts);
  const rewrite = /^o\/([^/]+)\/rewriteTo\/b\/[^/]+\/o\/([^/]+)$/.exec(rest ?? '');
  if (rewrite) return copy(call, parts, decodeURIComponent(rewrite[1] ?? ''), decodeURIComponent(rewrite[2] ?? ''));
  const name = /^o\/([^/]+)$/.exec(rest ?? '')?.[1];
  if (name) return oneObject(call, parts, decodeURIComponent(name), fault);
  throw new Refusal(501, 'notImplemented', `${method} ${pathname}`);
}

async function oneObject(call: Call, { objects }: Parts, name: string, fault: Fault | null): Promise<void> {
  if (call.request.method === 'DELETE') {
    await objects.remove(name);
    return void call.response.writeHead(204).end();
  }
  if (call.request.method !== 'GET') throw new Refusal(501, 'notImplemented', String(call.request.method));
  if (call.url.searchParams.get('alt') === 'media') return sendBytes(call, objects.get(name), fault);
  sendJson(call, resourceOf(objects.bucket, objects.get(name)));
}

/** A large object takes more than one call, the later ones with the token of the one before. */
async function copy(call: Call, { objects }: Parts, from: string, to: string): Promise<void> {
  const { searchParams } = call.url;
  const stored = objects.get(from);
  objects.assertGeneration(to, searchParams.get('ifGenerationMatch') ?? undefined);
  const size = String(stored.size);
  if (!searchParams.has('rewriteToken')) {
    sendJson(call, { kind: 'storage#rewriteResponse', done: false, objectSize: size, rewriteToken: 'half' });
    return;
  }
  const file = objects.newFile();
  await copyFile(stored.file, file);
  const { contentType, metadata } = stored;
  const generation = searchParams.get('ifGenerationMatch') ?? undefined;
  const made = await objects.store(to, file, { contentType, metadata }, { generation });
  const resource = resourceOf(objects.bucket, made);
  sendJson(call, {
    kind: 'storage#rewriteResponse',
    done: true,
    totalBytesRewritten: size,
    objectSize: size,
    resource,
  });
}

function list(call: Call, { objects, pageSize }: Parts): void {
  const { searchParams } = call.url;
  const prefix = searchParams.get('prefix') ?? '';
  const after = Buffer.from(searchParams.get('pageToken') ?? '', 'base64url').toString();
  const most = Math.min(pageSize, Number(searchParams.get('maxResults') ?? pageSize));
  const names = objects.names().filter((name) => name.startsWith(prefix) && name > after);
  const page = names.slice(0, most);
  sendJson(call, {
    kind: 'storage#objects',
    items: page.map((name) => resourceOf(objects.bucket, objects.get(name))),
    ...(names.length > most && { nextPageToken: Buffer.from(page.at(-1) ?? '').toString('base64url') }),
  });
}

function testPermissions(call: Call, { granted }: Parts): void {
  const asked = call.url.searchParams.getAll('permissions');
  const permissions = asked.filter((permission) => granted.has(permission));
  sendJson(call, { kind: 'storage#testIamPermissionsResponse', permissions });
}
