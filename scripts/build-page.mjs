// Builds the page (web/ui) into dist/page. With --if-changed only when a source is newer than what is there.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { newestSource } from './page-sources.mjs';

const root = path.join(import.meta.dirname, '..');
const built = path.join(root, 'dist/page');
const index = path.join(built, 'index.html');

const ifChanged = process.argv.includes('--if-changed');
if (!ifChanged || !isCurrent()) await buildPage();

function isCurrent() {
  // An installation without what builds it (npm ci --omit=dev) has the page of the build, or none; web says which.
  if (!existsSync(path.join(root, 'node_modules/vite'))) return true;
  return existsSync(index) && statSync(index).mtimeMs > newestSource(root);
}

async function buildPage() {
  // Two programs may start at once: each builds in a folder of its own, and the last one to be ready stays.
  const fresh = `${built}.${process.pid}`;
  try {
    const { build } = await import('vite');
    await build(configuration(fresh));
    for (const file of readdirSync(fresh, { recursive: true })) compress(path.join(fresh, file));
    rmSync(built, { recursive: true, force: true });
    renameSync(fresh, built);
  } catch (error) {
    // Another put the same there between these two lines.
    const isThere = error.code === 'ENOTEMPTY' || error.code === 'EEXIST';
    rmSync(fresh, { recursive: true, force: true });
    if (isThere) return;
    process.stderr.write(`\nThe page could not be built from web/ui:\n${error.message ?? error}\n`);
    // A service that starts does without: it says so at /, and its API is there.
    process.exitCode = ifChanged ? 0 : 1;
  }
}

function configuration(outDir) {
  return {
    configFile: false,
    root: path.join(root, 'web/ui'),
    base: '/',
    logLevel: 'error',
    publicDir: false,
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      // Nothing inline: the page's policy allows scripts, styles and pictures from files only.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
  };
}

/** Compressed once, as hard as it goes, so that web only hands files out. */
function compress(file) {
  if (!/\.(html|js|css|svg)$/.test(file)) return;
  const plain = readFileSync(file);
  writeFileSync(`${file}.br`, brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  writeFileSync(`${file}.gz`, gzipSync(plain, { level: 9 }));
}
