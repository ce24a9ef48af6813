import assert from 'node:assert/strict';
import test from 'node:test';
import { chooseTestFiles } from './test-files.ts';

const files = ['shared/db/start.test.ts', 'test/kit/until.test.ts', 'web/start.test.ts'];

test('without a fragment all files are chosen', () => {
  assert.deepEqual(chooseTestFiles(files, []), { chosen: files });
});

test('a file, a folder or a part of a name chooses whatever contains it, once', () => {
  assert.deepEqual(chooseTestFiles(files, ['./web/start.test.ts']), { chosen: ['web/start.test.ts'] });
  assert.deepEqual(chooseTestFiles(files, ['start', 'shared/']), {
    chosen: ['shared/db/start.test.ts', 'web/start.test.ts'],
  });
});

test('a fragment that matches nothing is a problem, and so is having no tests', () => {
  assert.deepEqual(chooseTestFiles(files, ['start', 'wobsite']), {
    problem: 'No test file has “wobsite” in its path.',
  });
  assert.deepEqual(chooseTestFiles([], []), { problem: 'There are no tests here.' });
});
