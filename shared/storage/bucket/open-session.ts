import type { Bucket } from '@google-cloud/storage';
import { again } from './again.ts';
import type { Limits } from './limits.ts';

export interface NewSession {
  metadata: { contentType?: string | undefined; contentLength?: number; metadata?: Record<string, string> };
  /** The origin whose pages may send to the session; a browser is refused without it. */
  origin?: string | undefined;
}

/** Begins a resumable upload that never overwrites. Answers its address, which holds for a week. */
export async function openSession(bucket: Bucket, key: string, session: NewSession, limits: Limits): Promise<string> {
  const { metadata, origin } = session;
  const options = { metadata, ...(origin && { origin }), preconditionOpts: { ifGenerationMatch: 0 } };
  const [url] = await again('begin an upload', () => bucket.file(key).createResumableUpload(options), { limits });
  return url;
}
