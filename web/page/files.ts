import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

export interface PageFile {
  /** Extension, from which Koa knows the media type. */
  type: string;
  hash: string;
  /** By Content-Encoding; best first. */
  bodies: { br?: Buffer; gzip?: Buffer; identity: Buffer } & Record<string, Buffer | undefined>;
}

/** Where `scripts/build-page.mjs` puts it, as seen from the built program and from the sources. */
const FOLDERS = ['../../page', '../../dist/page'].map((folder) => path.join(import.meta.dirname, folder));

/** The built page, by path as a browser asks for it; empty where it is not built. Some 300 kB, so it is kept in memory. */
export async function readPageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  for (const folder of FOLDERS) {
    const names = await readdir(folder, { recursive: true }).catch(() => [] as string[]);
    if (names.includes('index.html')) return read(folder, names);
  }
  return new Map();
}

async function read(folder: string, names: string[]): Promise<Map<string, PageFile>> {
  const files = new Map<string, PageFile>();
  for (const name of names) {
    const type = path.extname(name);
    if (type === '' || type === '.br' || type === '.gz') continue;
    const bytes = (end: string) => (names.includes(name + end) ? readFile(path.join(folder, name + end)) : undefined);
    const [br, gzip, identity] = await Promise.all([bytes('.br'), bytes('.gz'), readFile(path.join(folder, name))]);
    const hash = createHash('sha256').update(identity).digest('base64url').slice(0, 22);
    const bodies = { ...(br && { br }), ...(gzip && { gzip }), identity };
    files.set(`/${name.replaceAll(path.sep, '/')}`, { type, hash, bodies });
  }
  return files;
}
