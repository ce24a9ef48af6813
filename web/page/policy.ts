import type { Settings } from '../../shared/env.ts';

type Where = Pick<Settings, 'PUBLIC_URL' | 'STORAGE' | 'STORAGE_BUCKET' | 'STORAGE_ENDPOINT'>;

/**
 * What the page may load and run: files of our own; media and uploads also from and to the bucket, and no other bucket.
 * No inline script or style, no frame around it, and no text ever becomes script or markup (Trusted Types). Pure.
 */
export function pagePolicy({ PUBLIC_URL, STORAGE, STORAGE_BUCKET, STORAGE_ENDPOINT }: Where): string {
  const own = ["'self'", ...(PUBLIC_URL ? [new URL(PUBLIC_URL).origin] : [])];
  const storage = new URL(STORAGE_ENDPOINT ?? 'https://storage.googleapis.com').origin;
  const isBucket = STORAGE === 'gcs' && STORAGE_BUCKET !== undefined;
  const directives = {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'"],
    'img-src': [...own, 'data:', ...(isBucket ? [`${storage}/${STORAGE_BUCKET}/`] : [])],
    'font-src': ["'self'"],
    // A stream's player hands the media over as a blob, and fetches it as it fetches everything.
    'media-src': [...own, 'blob:', ...(isBucket ? [`${storage}/${STORAGE_BUCKET}/`] : [])],
    'connect-src': [
      ...own,
      ...(isBucket ? [`${storage}/upload/storage/v1/b/${STORAGE_BUCKET}/`, `${storage}/${STORAGE_BUCKET}/`] : []),
    ],
    'form-action': ["'none'"],
    'base-uri': ["'none'"],
    'frame-ancestors': ["'none'"],
    'require-trusted-types-for': ["'script'"],
    'trusted-types': ["'none'"],
  };
  return Object.entries(directives)
    .map(([name, values]) => `${name} ${values.join(' ')}`)
    .join(';');
}
