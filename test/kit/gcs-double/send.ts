import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { throughFault, type Fault } from './faults.ts';
import type { StoredObject } from './objects.ts';
import { header, Refusal, type Call } from './reply.ts';

/** Sends an object's bytes, whole or by range. */
export async function sendBytes(call: Call, stored: StoredObject, fault: Fault | null): Promise<void> {
  const { request, response, url } = call;
  const { crc32c, md5, size, generation } = stored;
  const asked = url.searchParams.get('generation');
  if (asked && asked !== generation) throw new Refusal(404, 'notFound', 'There is no such generation.');
  const range = rangeOf(call, size);
  const { start, end } = range ?? { start: 0, end: size - 1 };
  response.writeHead(range ? 206 : 200, {
    'accept-ranges': 'bytes',
    'content-length': end - start + 1,
    'content-type': url.searchParams.get('response-content-type') ?? stored.contentType ?? 'application/octet-stream',
    'x-goog-generation': generation,
    'x-goog-hash': `crc32c=${crc32c},md5=${md5}`,
    'x-goog-stored-content-encoding': 'identity',
    ...disposition(url),
    ...(range && { 'content-range': `bytes ${start}-${end}/${size}` }),
  });
  if (request.method === 'HEAD' || size === 0) return void response.end();
  await pipeline(createReadStream(stored.file, { start, end }), throughFault(request, fault), response).catch(() => {});
}

function disposition(url: URL): Record<string, string> {
  const asked = url.searchParams.get('response-content-disposition');
  return asked ? { 'content-disposition': asked } : {};
}

function rangeOf(call: Call, size: number): { start: number; end: number } | null {
  const found = /^bytes=(\d+)-(\d*)$/.exec(header(call, 'range') ?? '');
  if (!found) return null;
  const start = Number(found[1]);
  if (start >= size) throw new Refusal(416, 'requestedRangeNotSatisfiable');
  return { start, end: found[2] ? Math.min(Number(found[2]), size - 1) : size - 1 };
}
