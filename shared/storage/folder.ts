import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isAlive } from '../process.ts';
import { folderPieces } from './folder-pieces.ts';
import { measure } from './measure.ts';
import { hasCode, missing } from './missing.ts';
import { AlreadyStored, checkKey, checkPrefix, NotStored, type Storage } from './storage.ts';
import { signMediaUrl } from './signed-url.ts';
import { signUploadUrl } from './upload-url.ts';

/** What is being written; beside the files, so that it gets its name in one move. */
const INCOMING = '.incoming';
/** Nobody writes to a file for so long without a byte. */
const OLD_MS = 24 * 3600 * 1000;

/**
 * Storage in a folder of this machine.
 *
 * @param secret signs the addresses that our web serves files at
 */
export async function folderStorage(root: string, secret: string): Promise<Storage> {
  await mkdir(path.join(root, INCOMING), { recursive: true, mode: 0o700 });
  await clearIncoming(path.join(root, INCOMING));
  const at = (key: string) => path.join(root, checkKey(key));
  const below = (prefix: string) => path.join(root, checkPrefix(prefix));

  return {
    async put(key, body, { maxBytes, signal } = {}) {
      const to = at(key);
      const incoming = path.join(root, INCOMING, `${os.hostname()}~${process.pid}~${randomUUID()}`);
      const { through, stored } = measure(maxBytes);
      try {
        // Opened first: a stream that opens the file itself may do so after it was aborted and the file removed.
        const file = await open(incoming, 'wx', 0o600);
        await pipeline(body, through, file.createWriteStream(), { signal });
        await settle(incoming, to);
        return stored();
      } catch (error) {
        throw hasCode(error, 'EEXIST') ? new AlreadyStored(key, { cause: error }) : error;
      } finally {
        await rm(incoming, { force: true });
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
        if (hasCode(error, 'EEXIST')) throw error;
        // Another file system, or one without links.
        await copyFile(from, to, constants.COPYFILE_FICLONE).catch((cause: unknown) => {
          throw hasCode(cause, 'ENOENT') ? new NotStored(key, { cause }) : cause;
        });
      }
    },

    async copy(from, to) {
      await mkdir(path.dirname(at(to)), { recursive: true, mode: 0o700 });
      await copyStored(at(from), at(to)).catch((error: unknown) => {
        if (hasCode(error, 'ENOENT')) throw new NotStored(from, { cause: error });
        throw hasCode(error, 'EEXIST') ? new AlreadyStored(to, { cause: error }) : error;
      });
    },

    async list(prefix) {
      const found = (await readdir(below(prefix), { recursive: true, withFileTypes: true }).catch(missing)) ?? [];
      return found
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
    },

    async remove(key) {
      await unlink(at(key)).catch(missing);
    },

    async removePrefix(prefix) {
      await rm(below(prefix), { recursive: true, force: true });
    },

    signUrl(key, options) {
      return Promise.resolve(signMediaUrl(checkKey(key), secret, options));
    },

    openUpload(key, { bytes, seconds }) {
      return Promise.resolve({ url: signUploadUrl(checkKey(key), secret, { bytes, seconds }) });
    },

    pieces: folderPieces(at, settle),

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
  try {
    // Unlike a rename, a link never takes the place of a file that is there.
    await link(incoming, to);
  } catch (error) {
    if (!hasCode(error, ...NO_LINKS)) throw error;
    if (await stat(to).catch(missing)) throw Object.assign(new Error(`${to} exists`), { code: 'EEXIST' });
    await rename(incoming, to);
  }
}

/** What is stored is never changed, so that two names may lead to the same bytes. */
async function copyStored(from: string, to: string): Promise<void> {
  await link(from, to).catch(async (error: unknown) => {
    if (!hasCode(error, ...NO_LINKS)) throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  });
}

/** What file systems say that have no links. There two puts of one key at the same moment are not told apart. */
const NO_LINKS = ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'];

/** What processes that were killed had begun to write; the name begins with the writer's process id. */
async function clearIncoming(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [host, pid] = name.split('~');
    // Of processes on other machines that share the folder nothing is known but how long ago they wrote.
    const isLeft = host === os.hostname() ? !isAlive(Number(pid)) : await isOlder(path.join(folder, name), OLD_MS);
    if (isLeft) await rm(path.join(folder, name), { force: true });
  }
}

async function isOlder(file: string, ms: number): Promise<boolean> {
  const found = await stat(file).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > ms;
}
