import { mkdir, writeFile } from 'node:fs/promises';
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
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: await findFiles(root, /(?<!\.d)\.tsx?$/),
    outdir: to,
    outbase: root,
    target: `node${process.versions.node}`,
    sourcemap: 'external',
    sourcesContent: false,
    write: false,
    logLevel: 'error',
  });
  const maps = new Map(outputFiles.map((file) => [file.path, file.text]));
  for (const { path: file, text } of outputFiles.filter((each) => each.path.endsWith('.js'))) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text + mapLine(maps.get(`${file}.map`) ?? '{}', path.dirname(file)));
  }
  const loader = pathToFileURL(path.join(import.meta.dirname, 'typescript.js'));
  loader.searchParams.set('from', to);
  return loader.href;
}

/** The map of a file, for its end. Sources by their whole address: the file is read as if it lay elsewhere. */
function mapLine(json: string, folder: string): string {
  const map = JSON.parse(json) as { sources?: string[] };
  const sources = map.sources?.map((source) => pathToFileURL(path.resolve(folder, source)).href);
  const encoded = Buffer.from(JSON.stringify({ ...map, sources })).toString('base64');
  return `//# sourceMappingURL=data:application/json;base64,${encoded}\n`;
}
