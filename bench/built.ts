import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

let building: Promise<unknown> | undefined;

/**
 * A program as production runs it: compiled by `npm run build`, once a bench.
 * @param main its main file, `web/main.ts`
 * @returns that of what was built
 */
export async function built(main: string): Promise<string> {
  const cwd = path.join(import.meta.dirname, '..');
  await (building ??= promisify(execFile)('npm', ['run', '-s', 'build'], { cwd }));
  return path.join('dist', main.replace(/\.ts$/, '.js'));
}
