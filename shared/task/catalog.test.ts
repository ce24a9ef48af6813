import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { imagesFolder, loadCatalog } from './catalog.ts';

test('the catalogue has the profiles that ship with the program', async () => {
  const catalog = await loadCatalog();
  assert.deepEqual([...catalog.keys()], ['anb', 'hls', 'idrl', 'whole']);
  assert.equal(catalog.get('idrl')?.part_seconds, 20);
});

test('all that is wrong with any profile is told at once', async (t) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'catalog-'));
  t.after(() => rm(folder, { recursive: true }));
  const anb = JSON.parse(await readFile(new URL('./profiles/anb.json', import.meta.url), 'utf8')) as object;
  await writeFile(path.join(folder, 'broken.json'), '{');
  await writeFile(path.join(folder, 'other-name.json'), JSON.stringify(anb));
  await writeFile(path.join(folder, 'two.json'), JSON.stringify({ ...anb, name: 'two', fps: 0, extra: 1 }));
  const bumper = { image: 'missing.png', seconds: 1 };
  await writeFile(path.join(folder, 'three.json'), JSON.stringify({ ...anb, name: 'three', bumper }));

  await assert.rejects(loadCatalog(folder, imagesFolder), (error: Error) => {
    assert.match(error.message, /^ {2}broken\.json: /m);
    assert.match(error.message, /^ {2}other-name\.json: name: is anb/m);
    assert.match(error.message, /^ {2}two\.json: fps: /m);
    assert.match(error.message, /^ {2}two\.json: Unrecognized key: "extra"/m);
    assert.match(error.message, /^ {2}three\.json: image: there is no missing\.png/m);
    return true;
  });
});

test('a folder without profiles is refused', async (t) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'catalog-'));
  t.after(() => rm(folder, { recursive: true }));
  await assert.rejects(loadCatalog(folder), /there is no profile/);
});
