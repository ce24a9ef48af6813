import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';
import { findFiles } from '../kit/test-files.ts';

const root = path.join(import.meta.dirname, '../..');

/**
 * Web and worker as plain JavaScript in a folder of their own: a process starts in a second less than through tsx, and
 * a long run is of one state of the code, whoever edits or builds meanwhile. Types are not checked.
 */
export async function buildPrograms(to: string): Promise<string> {
  const files = await findFiles(root, /(?<!\.test\.ts)$/);
  const ours = files.filter((file) => /^(shared|web|worker)\//.test(file) && !file.startsWith('web/ui/'));
  await build({
    absWorkingDir: root,
    entryPoints: ours.filter((file) => file.endsWith('.ts')),
    outdir: to,
    outbase: root,
    platform: 'node',
    format: 'esm',
    target: `node${process.versions.node}`,
    bundle: true,
    packages: 'external',
    plugins: [apart],
    logLevel: 'error',
  });
  for (const file of ours.filter((file) => !file.endsWith('.ts'))) {
    await mkdir(path.join(to, path.dirname(file)), { recursive: true });
    await cp(path.join(root, file), path.join(to, file));
  }
  await writeFile(path.join(to, 'package.json'), '{"type":"module"}');
  await symlink(path.join(root, 'node_modules'), path.join(to, 'node_modules'));
  return to;
}

/** Each file stays one, and finds the others under their new names. */
const apart: Plugin = {
  name: 'apart',
  setup(building) {
    building.onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ kind, path: named }) =>
      kind === 'entry-point' ? undefined : { path: named.replace(/\.ts$/, '.js'), external: true },
    );
  },
};
