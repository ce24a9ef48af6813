import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { settings } from '../../../shared/env.ts';

const root = path.join(import.meta.dirname, '../../..');

/** Settings that a program names anywhere in what it imports, beside where they are all defined. */
export async function settingsReadBy(main: string): Promise<Set<string>> {
  const sources = await sourcesOf(path.join(root, main));
  const text = [...sources].filter(([file]) => !file.endsWith('shared/env.ts')).map(([, source]) => source);
  return new Set(
    Object.keys(settings).filter((name) => text.some((source) => new RegExp(`\\b${name}\\b`).test(source))),
  );
}

/** A file and everything of ours that it imports, however far away. Types are not read when the program runs. */
async function sourcesOf(file: string, found = new Map<string, string>()): Promise<Map<string, string>> {
  if (found.has(file)) return found;
  const source = await readFile(file, 'utf8');
  // Comments name settings without reading them.
  found.set(file, source.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, ''));
  const imports = source.matchAll(
    /(?:import|export)(?!\s+type\b)[^;]*?from\s+'(\.[^']+\.ts)'|import\('(\.[^']+\.ts)'\)/g,
  );
  for (const [, fixed, lazy] of imports) await sourcesOf(path.join(path.dirname(file), fixed ?? lazy ?? ''), found);
  return found;
}
