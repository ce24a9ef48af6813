import { mkdir, open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { hasCode, missing } from './missing.ts';
import { measure } from './measure.ts';
import type { Pieces } from './storage.ts';

/**
 * Files that come in pieces. What has come lies beside the file that it becomes, so that what was begun and left is
 * removed with all the rest of its task.
 *
 * Two connections that send the same piece at once (a client that believed the first one dead) write the same bytes to
 * the same places, so neither harms the other.
 *
 * @param at where a key's file lies
 * @param settle gives a complete file its name
 */
export function folderPieces(at: (key: string) => string, settle: (from: string, to: string) => Promise<void>): Pieces {
  const partial = (key: string) => `${at(key)}.partial`;

  async function received(key: string): Promise<number> {
    const found = await stat(partial(key)).catch(missing);
    return found?.size ?? 0;
  }

  return {
    received,

    async add(key, body, { start, maxBytes, signal }) {
      await mkdir(path.dirname(at(key)), { recursive: true, mode: 0o700 });
      const file = await open(partial(key), 'r+').catch(async (error: unknown) => {
        if (!hasCode(error, 'ENOENT')) throw error;
        return open(partial(key), 'wx+', 0o600);
      });
      const { through } = measure(maxBytes);
      // What came before a break is kept: that is what makes it worth resuming.
      await pipeline(body, through, file.createWriteStream({ start }), { signal });
      return received(key);
    },

    async complete(key) {
      await settle(partial(key), at(key));
      await rm(partial(key), { force: true });
    },
  };
}
