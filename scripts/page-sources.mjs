import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** What the page is made from; all of it may change the output. */
const SOURCES = ['web/ui', 'web/reference', 'web/tasks/schema.ts', 'shared/task', 'scripts', 'package-lock.json'];

/** When any source of the page was changed last, in ms. A folder counts too: a file may have been removed from it. */
export function newestSource(root) {
  return Math.max(...SOURCES.map((source) => newest(path.join(root, source))));
}

function newest(file) {
  const stats = statSync(file);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(file).map((name) => newest(path.join(file, name))));
}
