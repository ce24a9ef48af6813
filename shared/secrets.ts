import { hkdfSync, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readSecret } from './secret-manager.ts';
import type { Settings } from './env.ts';

/** The key that log-in tokens are signed with. */
export async function tokenKey(settings: Settings): Promise<Uint8Array> {
  return derive(await signingSecret(settings), 'claqueta tokens');
}

/** The key that media addresses are signed with. */
export async function mediaSecret(settings: Settings): Promise<string> {
  return Buffer.from(derive(await signingSecret(settings), 'claqueta media')).toString('base64url');
}

/** One secret, several keys: a key that leaks tells nothing of the others. */
function derive(secret: string, use: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', use, 32));
}

/** The secret of Secret Manager or of the settings; on one machine without one, a random one kept in the data folder. */
async function signingSecret(settings: Settings): Promise<string> {
  if (settings.SIGNING_SECRET_NAME) return readSecret(settings.SIGNING_SECRET_NAME);
  if (settings.SIGNING_SECRET) return settings.SIGNING_SECRET;
  const file = path.resolve(settings.DATA_DIR, 'signing-secret');
  return (await read(file)) ?? (await make(file));
}

async function make(file: string): Promise<string> {
  // Others may pass through: as root, Postgres runs below this folder as another user.
  await mkdir(path.dirname(file), { recursive: true, mode: 0o711 });
  const mine = `${file}.${process.pid}`;
  await writeFile(mine, randomBytes(32).toString('base64url'), { mode: 0o600 });
  try {
    // A link fails when the file is there: of several processes that start at once, one makes the secret of all.
    await link(mine, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await unlink(mine);
  }
  const made = await read(file);
  if (!made) throw new Error(`The signing secret in ${file} cannot be read.`);
  return made;
}

async function read(file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
