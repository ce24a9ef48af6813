import { createHash, verify, type KeyObject } from 'node:crypto';
import { header, Refusal, type Call } from './reply.ts';

/**
 * Checks a V4 signature as Cloud Storage does: over method, path, query and the headers named, by the holder of the key,
 * for a limited time (https://cloud.google.com/storage/docs/authentication/signatures).
 */
export function assertSigned(call: Call, email: string, key: KeyObject, now: number): void {
  const query = new URLSearchParams(call.url.searchParams);
  const signature = Buffer.from(query.get('X-Goog-Signature') ?? '', 'hex');
  query.delete('X-Goog-Signature');
  const [signer, ...scope] = (query.get('X-Goog-Credential') ?? '').split('/');
  const date = query.get('X-Goog-Date') ?? '';
  const toSign = [query.get('X-Goog-Algorithm'), date, scope.join('/'), sha256(canonical(call, query))].join('\n');
  if (signer !== email || !verify('RSA-SHA256', Buffer.from(toSign), key, signature)) {
    throw new Refusal(403, 'SignatureDoesNotMatch');
  }
  const began = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  const seconds = Number(query.get('X-Goog-Expires'));
  if (!(seconds > 0 && seconds <= 7 * 24 * 3600)) throw new Refusal(400, 'AuthorizationQueryParametersError');
  if (!(now >= began - 60_000 && now <= began + seconds * 1000)) throw new Refusal(400, 'ExpiredToken');
}

function canonical(call: Call, query: URLSearchParams): string {
  const names = (query.get('X-Goog-SignedHeaders') ?? '').split(';');
  const headers = names.map((name) => `${name}:${headerSigned(call, name)}\n`).join('');
  const pairs = [...query].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort();
  const payload = header(call, 'x-goog-content-sha256') ?? 'UNSIGNED-PAYLOAD';
  return [call.request.method, call.url.pathname, pairs.join('&'), headers, names.join(';'), payload].join('\n');
}

/** The client signs the host without its port. */
function headerSigned(call: Call, name: string): string {
  const value = (header(call, name) ?? '').trim().replaceAll(/\s+/g, ' ');
  return name === 'host' ? value.replace(/:\d+$/, '') : value;
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
