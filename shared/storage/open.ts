import path from 'node:path';
import type { Settings } from '../env.ts';
import { mediaSecret } from '../secrets.ts';
import { folderStorage } from './folder.ts';
import type { Storage } from './storage.ts';

/** The storage that the settings name. */
export async function openStorage(settings: Settings): Promise<Storage> {
  switch (settings.STORAGE) {
    case 'folder':
      return folderStorage(path.resolve(settings.DATA_DIR, 'media'), await mediaSecret(settings));
  }
}
