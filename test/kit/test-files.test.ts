import assert from 'node:assert/strict';
import test from 'node:test';
import { chooseTestFiles } from './test-files.ts';

const files = ['shared/db/start.test.ts', 'test/kit/until.test.ts', 'web/start.test.ts'];

test('without a fragment all files are chosen', () => {
  assert.deepEqual(chooseTestFiles(files, []), files);
});

test('a file, a folder or a part of a name chooses whatever contains it, once', () => {
  assert.deepEqual(chooseTestFiles(files, ['./web/start.test.ts']), ['web/start.test.ts']);
  assert.deepEqual(chooseTestFiles(files, ['start', 'shared/']), ['shared/db/start.test.ts', 'web/start.test.ts']);
});

test('a fragment that matches nothing is an error, and so is having no tests', () => {
  assert.throws(() => chooseTestFiles(files, ['start', 'wobsite']), /No test file has “wobsite” in its path/);
  assert.throws(() => chooseTestFiles([], []), /no tests/);
});
