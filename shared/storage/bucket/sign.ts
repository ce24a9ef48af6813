import type { Bucket } from '@google-cloud/storage';
import { contentDisposition } from '../content-disposition.ts';
import { contentType } from '../content-type.ts';
import { again } from './again.ts';
import type { Limits } from './limits.ts';

/** Addresses kept; a task may have hundreds, each read many times while it is watched. */
const KEPT = 10_000;

/**
 * Signs addresses to read from, as V4. In the cloud there is no key file: each signature is a call to IAM
 * (`signBlob`), so an address is signed for twice as long as asked for and handed out again during the first half.
 *
 * @param signer where IAM is, in tests
 */
export function urlSigner(bucket: Bucket, limits: Limits, signer?: string) {
  // In the order of signing: a Map keeps the order of insertion.
  const signed = new Map<string, { url: Promise<string>; until: number }>();

  async function sign(key: string, seconds: number, filename?: string): Promise<string> {
    const options = {
      version: 'v4' as const,
      action: 'read' as const,
      expires: Date.now() + 2 * seconds * 1000,
      responseType: contentType(key),
      ...(filename && { responseDisposition: contentDisposition(filename) }),
      ...(signer && { signingEndpoint: signer }),
    };
    const [url] = await again('sign an address', () => bucket.file(key).getSignedUrl(options), { limits });
    return url;
  }

  return function signUrl(key: string, { seconds, filename }: { seconds: number; filename?: string }) {
    const name = JSON.stringify([key, seconds, filename]);
    const known = signed.get(name);
    if (known && known.until > Date.now()) return known.url;
    const url = sign(key, seconds, filename);
    signed.delete(name);
    signed.set(name, { url, until: Date.now() + seconds * 1000 });
    url.catch(() => signed.delete(name));
    for (const oldest of signed.keys()) {
      if (signed.size <= KEPT) break;
      signed.delete(oldest);
    }
    return url;
  };
}
