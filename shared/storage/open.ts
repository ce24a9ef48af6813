import path from 'node:path';
import type { Settings } from '../env.ts';
import { mediaSecrets } from '../secrets.ts';
import { folderStorage } from './folder.ts';
import type { Storage } from './storage.ts';

/**
 * The storage that the settings name. Google's client is loaded only where it is used: it costs every start a quarter of a
 * second and 39 MB.
 *
 * @throws BucketNotUsable with words for whoever runs the service
 */
export async function openStorage(settings: Settings): Promise<Storage> {
  switch (settings.STORAGE) {
    case 'folder': {
      const [secret] = await mediaSecrets(settings);
      return folderStorage(path.resolve(settings.DATA_DIR, 'media'), secret);
    }
    case 'gcs': {
      const { bucketStorage } = await import('./bucket.ts');
      return bucketStorage({
        // The settings are refused without it.
        bucket: settings.STORAGE_BUCKET ?? '',
        project: settings.GOOGLE_CLOUD_PROJECT,
        endpoint: settings.STORAGE_ENDPOINT?.replace(/\/$/, ''),
      });
    }
  }
}
