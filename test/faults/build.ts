import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import ts from 'typescript';

const root = path.join(import.meta.dirname, '../..');

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
};

/**
 * Web and worker as plain JavaScript in a folder of their own: a process starts in a second less than through tsx, and
 * a long run is of one state of the code, whoever edits or builds meanwhile. Types are not checked.
 */
export async function buildPrograms(to: string): Promise<string> {
  for (const part of ['shared', 'web', 'worker']) await buildFolder(part, to);
  await writeFile(path.join(to, 'package.json'), '{"type":"module"}');
  await symlink(path.join(root, 'node_modules'), path.join(to, 'node_modules'));
  return to;
}

async function buildFolder(folder: string, to: string): Promise<void> {
  await mkdir(path.join(to, folder), { recursive: true });
  for (const entry of await readdir(path.join(root, folder), { withFileTypes: true })) {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) await buildFolder(name, to);
    else if (!name.endsWith('.ts')) await cp(path.join(root, name), path.join(to, name));
    else if (!name.endsWith('.test.ts')) await buildFile(name, to);
  }
}

async function buildFile(name: string, to: string): Promise<void> {
  const { outputText } = ts.transpileModule(await readFile(path.join(root, name), 'utf8'), { compilerOptions });
  await writeFile(path.join(to, name.replace(/\.ts$/, '.js')), outputText);
}
