import { readdir } from 'node:fs/promises';
import path from 'node:path';

const NOT_OURS = new Set(['node_modules', 'dist', 'build']);

/** All test files below the folder, sorted, with paths relative to it. */
export function findTestFiles(root: string): Promise<string[]> {
  return findFiles(root, /\.test\.ts$/);
}

/** Files of this checkout by their names, sorted, with paths relative to the root. Hidden folders are left out. */
export async function findFiles(root: string, wanted: RegExp, below = ''): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(path.join(root, below), { withFileTypes: true })) {
    const name = path.join(below, entry.name);
    if (entry.isDirectory()) {
      if (!NOT_OURS.has(entry.name) && !entry.name.startsWith('.'))
        found.push(...(await findFiles(root, wanted, name)));
    } else if (wanted.test(entry.name)) {
      found.push(name);
    }
  }
  return found.sort();
}

/**
 * The files whose path contains one of the fragments; all without any. That there is no test at all, or that a fragment
 * matches none, is a problem: running nothing must never look as if all is well.
 */
export function chooseTestFiles(files: string[], fragments: string[]): { chosen: string[] } | { problem: string } {
  if (files.length === 0) return { problem: 'There are no tests here.' };
  const wanted = fragments.map((fragment) => fragment.replace(/^\.\//, ''));
  const vain = wanted.filter((fragment) => !files.some((file) => file.includes(fragment)));
  if (vain.length > 0)
    return { problem: `No test file has ${vain.map((name) => `“${name}”`).join(' or ')} in its path.` };
  const isWanted = (file: string) => wanted.length === 0 || wanted.some((fragment) => file.includes(fragment));
  return { chosen: files.filter(isWanted) };
}
