import type { Settings } from '../../shared/env.ts';
import type { Quota } from '../../shared/task/quota.ts';
import type { PaceLimits } from './pace.ts';

/** What one owner may have at most. */
export function quotaOf(settings: Settings): Quota {
  return {
    tasks: settings.TASKS_PER_OWNER,
    uploads: settings.UPLOADS_PER_OWNER,
    bytes: settings.STORED_BYTES_PER_OWNER,
  };
}

/** How slow an upload through our own web may be. */
export function paceOf(settings: Settings): PaceLimits {
  return { seconds: settings.UPLOAD_SECONDS, minBytesPerSecond: settings.UPLOAD_MIN_RATE };
}
