import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../../shared/log.ts';
import type { Storage } from '../../shared/storage/storage.ts';

export interface UsedSource {
  path: string;
  /** The file may be removed when nobody uses it and room is needed. */
  release(): void;
}

/** The sources that this worker has on its own disk, so that each is fetched once however many parts it has. */
export interface SourceCache {
  use(key: string, signal: AbortSignal): Promise<UsedSource>;
  /** Takes in a file that ingest has just fetched and stored. The file is moved. */
  adopt(key: string, file: string): Promise<void>;
  /** Lets go of files whose task was removed. */
  dropRemoved(): Promise<void>;
}

interface Entry {
  path: string;
  bytes: number;
  users: number;
  ready: Promise<void>;
}

/**
 * @param maxBytes kept beyond what is in use; the files used longest ago go first
 */
export function sourceCache(folder: string, maxBytes: number, storage: Storage, log: Log): SourceCache {
  // In the order of their last use: a Map keeps the order of insertion.
  const entries = new Map<string, Entry>();
  let count = 0;

  function touch(key: string, entry: Entry): void {
    entries.delete(key);
    entries.set(key, entry);
  }

  function begin(key: string, bring: (to: string) => Promise<void>): Entry {
    const entry: Entry = { path: path.join(folder, `source-${++count}`), bytes: 0, users: 0, ready: Promise.resolve() };
    // A cleaner of temporary files may have removed the folder.
    entry.ready = mkdir(folder, { recursive: true, mode: 0o755 })
      .then(() => bring(entry.path))
      .then(async () => {
        entry.bytes = (await stat(entry.path)).size;
      })
      .catch(async (error: unknown) => {
        if (entries.get(key) === entry) entries.delete(key);
        await rm(entry.path, { force: true });
        throw error;
      });
    entries.set(key, entry);
    return entry;
  }

  async function makeRoom(): Promise<void> {
    let total = [...entries.values()].reduce((sum, entry) => sum + entry.bytes, 0);
    for (const [key, entry] of entries) {
      if (total <= maxBytes) return;
      if (entry.users > 0) continue;
      entries.delete(key);
      total -= entry.bytes;
      await rm(entry.path, { force: true });
    }
  }

  return {
    async use(key, signal) {
      // Whoever comes first fetches for all; should that one be aborted, the next in line fetches anew.
      for (;;) {
        const known = entries.get(key);
        const entry = known ?? begin(key, (to) => storage.fetch(key, to, signal));
        entry.users++;
        try {
          await entry.ready;
        } catch (error) {
          entry.users--;
          signal.throwIfAborted();
          if (known) continue;
          throw error;
        }
        touch(key, entry);
        let released = false;
        return {
          path: entry.path,
          release() {
            if (released) return;
            released = true;
            entry.users--;
            makeRoom().catch((error: unknown) => log.warn({ err: error }, 'could not make room in the source cache'));
          },
        };
      }
    },

    async dropRemoved() {
      for (const [key, entry] of [...entries]) {
        if (entry.users > 0 || (await storage.stat(key)) !== null) continue;
        // Somebody may have begun to use it meanwhile.
        if (entry.users > 0 || entries.get(key) !== entry) continue;
        entries.delete(key);
        await rm(entry.path, { force: true });
      }
    },

    async adopt(key, file) {
      if (entries.has(key)) return;
      const entry = begin(key, (to) => rename(file, to));
      // In use until it is there, or making room could take it away meanwhile.
      entry.users++;
      await entry.ready.finally(() => entry.users--);
      await makeRoom();
    },
  };
}
