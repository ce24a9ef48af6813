import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toApiError } from '../web/errors.ts';
import { Problem } from '../shared/task/problem.ts';

const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });

test('a full disk is an answer that says to try again, and not an error that nobody foresaw', () => {
  const { status, code, headers } = toApiError(full);
  assert.deepEqual([status, code], [503, 'unavailable']);
  assert.ok(Number(headers['Retry-After']) > 0);
});

test('a step that finds the disk full is tried again, and its owner reads that the storage failed', () => {
  const problem = Problem.from(full);
  assert.equal(problem.code, 'storage_failed');
  assert.equal(problem.retryable, true);
  assert.match(problem.detail ?? '', /ENOSPC/);
});
