import { CRC32C, type Bucket } from '@google-cloud/storage';
import type { IncomingMessage } from 'node:http';
import { pipeline, Transform, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { again } from './again.ts';
import { ask } from './exchange.ts';
import { Refused } from './failure.ts';
import type { Limits } from './limits.ts';

export interface Reading {
  range?: { start: number; end: number } | undefined;
  /** The object as it was then, or none. */
  generation?: string;
  signal?: AbortSignal | undefined;
}

/**
 * Opens an object or a range of it. What is read whole is checked against its checksum at its end.
 *
 * Asked for by us, because the client's read stream waits for ever when the connection is cut in the middle.
 */
export async function openRead(bucket: Bucket, key: string, reading: Reading, limits: Limits): Promise<Readable> {
  const { range, generation, signal } = reading;
  const query = new URLSearchParams({ alt: 'media', ...(generation && { generation }) }).toString();
  const url = `${bucket.storage.baseUrl}/b/${bucket.name}/o/${encodeURIComponent(key)}?${query}`;
  const once = async () => {
    const headers = { ...(await authorization(bucket)), ...(range && { range: `bytes=${range.start}-${range.end}` }) };
    const answer = await ask(url, { method: 'GET', headers }, limits.callMs, signal);
    const { statusCode = 0 } = answer;
    if (statusCode >= 300) throw new Refused(statusCode, await text(answer));
    return answer;
  };
  const answer = await again('read a file', once, { limits, signal });
  return range ? answer : checked(answer, key);
}

async function authorization({ storage }: Bucket): Promise<Record<string, string>> {
  if (storage.customEndpoint) return {};
  return { authorization: `Bearer ${await storage.authClient.getAccessToken()}` };
}

function checked(answer: IncomingMessage, key: string): Readable {
  const expected = /crc32c=([^,]+)/.exec(String(answer.headers['x-goog-hash']))?.[1];
  const checksum = new CRC32C();
  const check = new Transform({
    transform(piece: Buffer, _encoding, done) {
      checksum.update(piece);
      done(null, piece);
    },
    flush(done) {
      const wrong = checksum.toString() !== expected;
      done(wrong ? new Error(`${key} was read with crc32c ${checksum.toString()} instead of ${expected}.`) : null);
    },
  });
  // Errors are the reader's to hear.
  pipeline(answer, check, () => {});
  return check;
}
