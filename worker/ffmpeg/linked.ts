import { execFile } from 'node:child_process';
import { open, realpath } from 'node:fs/promises';
import { promisify } from 'node:util';
import { toolEnvironment } from './environment.ts';

/** Where systems keep libraries, and what the loader looks them up in. */
const libraries = ['/usr/lib', '/usr/lib32', '/usr/lib64', '/usr/local/lib', '/lib', '/lib32', '/lib64'];
const lookup = ['/etc/ld.so.cache', '/etc/alternatives'];

/**
 * What a program needs of the file system to run: its own file, and the libraries that it is linked with. A script may
 * start anything, and needs the programs of the system.
 */
export async function neededBy(program: string): Promise<string[]> {
  const own = [program, await realpath(program)];
  if (await isScript(program)) return [...own, '/usr', '/bin', ...libraries, ...lookup];
  const linked = await linkedWith(program);
  if (linked.length === 0) return own;
  const isApart = (file: string) => !libraries.some((folder) => file.startsWith(`${folder}/`));
  return [...own, ...libraries, ...lookup, ...linked.filter(isApart)];
}

/** By the loader's own account; none for a program that stands alone. */
async function linkedWith(program: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ldd', [program], {
    timeout: 10_000,
    env: toolEnvironment(process.env),
  }).catch(() => ({ stdout: '' }));
  return [...stdout.matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm)].flatMap(([, file]) => (file ? [file] : []));
}

async function isScript(program: string): Promise<boolean> {
  const file = await open(program);
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return buffer.toString('latin1') === '#!';
  } finally {
    await file.close();
  }
}
