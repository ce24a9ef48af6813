import type { File, FileMetadata } from '@google-cloud/storage';
import { again } from './again.ts';
import { statusOf } from './failure.ts';
import type { Limits } from './limits.ts';

/** What the bucket knows of a file, or null when there is none. */
export async function findObject(file: File, limits: Limits, signal?: AbortSignal): Promise<FileMetadata | null> {
  try {
    const [found] = await again('tell of a file', () => file.getMetadata(), { limits, signal });
    return found;
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}
