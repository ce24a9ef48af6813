import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

// Run by node in a thread of its own, for `typescript.js`.
const root = path.join(import.meta.dirname, '../..');
let transformed = '';

/** @param {string} from where the transformed files are */
export function initialize(from) {
  transformed = from;
}

/** @type {import('node:module').LoadHook} */
export function load(url, context, next) {
  const file = url.startsWith('file:') ? path.relative(root, fileURLToPath(url)) : '';
  if (!/\.tsx?$/.test(file) || file.startsWith('node_modules')) return next(url, context);
  const source = readFileSync(path.join(transformed, file.replace(/\.tsx?$/, '.js')));
  return { format: 'module', shortCircuit: true, source };
}
