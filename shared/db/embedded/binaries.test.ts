import assert from 'node:assert/strict';
import { mkdir, readFile, readlink, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { freshFolder } from '../../../test/kit/folder.ts';
import { makeReady } from './binaries.ts';

/** A package as npm unpacks it: without links, and not executable. */
async function unpacked(t: TestContext): Promise<string> {
  const folder = await freshFolder(t);
  for (const name of ['bin', 'lib']) await mkdir(path.join(folder, 'native', name), { recursive: true });
  for (const name of ['bin/initdb', 'bin/postgres', 'lib/libpq.so.5.18']) {
    await writeFile(path.join(folder, 'native', name), name, { mode: 0o644 });
  }
  const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
  await writeFile(path.join(folder, 'native/pg-symlinks.json'), JSON.stringify(links));
  return folder;
}

test('an unpacked package is made ready, also by several at once', async (t) => {
  const folder = await unpacked(t);
  const all = await Promise.all(Array.from({ length: 8 }, () => makeReady(folder)));
  assert.equal(await readlink(path.join(folder, 'native/lib/libpq.so.5')), 'libpq.so.5.18');
  assert.equal(await readFile(path.join(folder, 'native/lib/libpq.so.5'), 'utf8'), 'lib/libpq.so.5.18');
  for (const binary of Object.values(all[0] ?? {})) assert.equal((await stat(binary as string)).mode & 0o777, 0o755);
});
