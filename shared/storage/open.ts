import path from 'node:path';
import type { Settings } from '../env.ts';
import { mediaSecrets } from '../secrets.ts';
import { bucketStorage } from './bucket.ts';
import { folderStorage } from './folder.ts';
import type { Storage } from './storage.ts';

/**
 * The storage that the settings name.
 *
 * @throws BucketNotUsable with words for whoever runs the service
 */
export async function openStorage(settings: Settings): Promise<Storage> {
  switch (settings.STORAGE) {
    case 'folder': {
      const [secret] = await mediaSecrets(settings);
      return folderStorage(path.resolve(settings.DATA_DIR, 'media'), secret);
    }
    case 'gcs':
      return bucketStorage({
        // The settings are refused without it.
        bucket: settings.STORAGE_BUCKET ?? '',
        project: settings.GOOGLE_CLOUD_PROJECT,
        endpoint: settings.STORAGE_ENDPOINT?.replace(/\/$/, ''),
      });
  }
}
