import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readSecret } from './secret-manager.ts';
import { SettingsError, type Settings } from './env.ts';
import { problemOfSecrets, splitSecrets } from './signing-secrets.ts';

/** One of the keys that log-in tokens are signed with. */
export interface TokenKey {
  /** Names it in a token's header, and tells nothing of it. */
  id: string;
  key: Uint8Array;
}

/** The first of something signs, all verify: so that secrets can change without a moment at which nothing holds. */
export type FirstSigns<Key> = readonly [Key, ...Key[]];

export async function tokenKeys(settings: Settings): Promise<FirstSigns<TokenKey>> {
  return derive(await signingSecrets(settings), 'claqueta tokens', (key) => ({ id: nameOf(key), key }));
}

/** The keys that addresses of media and of uploads are signed with. */
export async function mediaSecrets(settings: Settings): Promise<FirstSigns<string>> {
  return derive(await signingSecrets(settings), 'claqueta media', (key) => Buffer.from(key).toString('base64url'));
}

/** One secret, several keys: a key that leaks tells nothing of the others. */
function derive<Key>([first, ...others]: FirstSigns<string>, use: string, as: (key: Uint8Array) => Key) {
  const key = (secret: string) => as(new Uint8Array(hkdfSync('sha256', secret, '', use, 32)));
  return [key(first), ...others.map(key)] as const satisfies FirstSigns<Key>;
}

function nameOf(key: Uint8Array): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 12);
}

/** Of Secret Manager or of the settings; on one machine without them, a random one kept in the data folder. */
async function signingSecrets(settings: Settings): Promise<FirstSigns<string>> {
  if (settings.SIGNING_SECRET_NAME) {
    return checked(await readSecret(settings.SIGNING_SECRET_NAME), settings.SIGNING_SECRET_NAME);
  }
  if (settings.SIGNING_SECRET) return checked(settings.SIGNING_SECRET, 'SIGNING_SECRET');
  const file = path.resolve(settings.DATA_DIR, 'signing-secret');
  return checked((await read(file)) ?? (await make(file)), file);
}

function checked(text: string, where: string): FirstSigns<string> {
  const problem = problemOfSecrets(text);
  const [first, ...others] = splitSecrets(text);
  if (problem || !first) throw new SettingsError([`${where}: ${problem}`]);
  return [first, ...others];
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
