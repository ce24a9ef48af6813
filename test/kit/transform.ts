import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { findFiles } from './test-files.ts';

/**
 * Transforms all TypeScript below the root once, for all processes of a run of the tests. A run is so of one state of
 * the code, whoever edits meanwhile. Types are not checked.
 * @returns what `node --import` takes to read it
 */
export async function transform(root: string, to: string): Promise<string> {
  await build({
    absWorkingDir: root,
    entryPoints: await findFiles(root, /(?<!\.d)\.tsx?$/),
    outdir: to,
    outbase: root,
    target: `node${process.versions.node}`,
    sourcemap: 'inline',
    sourcesContent: false,
    logLevel: 'error',
  });
  const loader = pathToFileURL(path.join(import.meta.dirname, 'typescript.js'));
  loader.searchParams.set('from', to);
  return loader.href;
}
