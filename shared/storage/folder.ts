import { randomUUID } from 'node:crypto';
import { constants, createWriteStream } from 'node:fs';
import { copyFile, link, mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isAlive } from '../process.ts';
import { measure } from './measure.ts';
import { checkKey, NotStored, type Storage } from './storage.ts';
import { signMediaUrl } from './signed-url.ts';

/** What is being written; beside the files, so that renaming it into place is atomic. */
const INCOMING = '.incoming';

/**
 * Storage in a folder of this machine.
 *
 * @param secret signs the addresses that our web serves files at
 */
export async function folderStorage(root: string, secret: string): Promise<Storage> {
  await mkdir(path.join(root, INCOMING), { recursive: true, mode: 0o700 });
  await clearIncoming(path.join(root, INCOMING));
  const at = (key: string) => path.join(root, checkKey(key));

  return {
    async put(key, body, { maxBytes, signal } = {}) {
      const incoming = path.join(root, INCOMING, `${process.pid}.${randomUUID()}`);
      const { through, stored } = measure(maxBytes);
      try {
        await pipeline(body, through, createWriteStream(incoming, { mode: 0o600 }), { signal });
        await settle(incoming, at(key));
        return stored();
      } catch (error) {
        await rm(incoming, { force: true });
        throw error;
      }
    },

    async stat(key) {
      const found = await stat(at(key)).catch(missing);
      return found && { bytes: found.size };
    },

    async get(key, range) {
      const file = await open(at(key)).catch(missing);
      if (!file) throw new NotStored(key);
      return file.createReadStream(range ?? {});
    },

    async fetch(key, to) {
      const from = at(key);
      try {
        await link(from, to);
      } catch (error) {
        if (isMissing(error)) throw new NotStored(key, { cause: error });
        // Another file system, or one without links.
        await copyFile(from, to, constants.COPYFILE_FICLONE);
      }
    },

    async list(prefix) {
      const below = path.join(root, checkKey(prefix.replace(/\/$/, '')));
      const found = (await readdir(below, { recursive: true, withFileTypes: true }).catch(missing)) ?? [];
      return found
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
    },

    async remove(key) {
      await unlink(at(key)).catch(missing);
    },

    async removePrefix(prefix) {
      await rm(path.join(root, checkKey(prefix.replace(/\/$/, ''))), { recursive: true, force: true });
    },

    signUrl(key, options) {
      return Promise.resolve(signMediaUrl(checkKey(key), secret, options));
    },

    async check() {
      await stat(path.join(root, INCOMING));
    },
  };
}

/** On the disk before it has its name: a power cut must not leave an empty file that looks stored. */
async function settle(incoming: string, to: string): Promise<void> {
  const file = await open(incoming, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  await mkdir(path.dirname(to), { recursive: true, mode: 0o700 });
  await rename(incoming, to);
}

/** What processes that were killed had begun to write; the name begins with the writer's process id. */
async function clearIncoming(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!isAlive(Number(name.split('.')[0]))) await rm(path.join(folder, name), { force: true });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function missing(error: unknown): null {
  if (isMissing(error)) return null;
  throw error;
}
