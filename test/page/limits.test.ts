import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GRACE_SECONDS } from '../../web/auth/refresh-tokens.ts';
import { ANSWER_MS } from '../../web/ui/api/limits.ts';

/** From when the page gives an answer up until it has asked again: another window's turn, a slow connection. */
const SPARE_SECONDS = 20;

test('a refresh whose answer was lost may still be repeated when the page has given it up', () => {
  assert.ok(ANSWER_MS / 1000 + SPARE_SECONDS <= GRACE_SECONDS, `${ANSWER_MS} ms of ${GRACE_SECONDS} s`);
});
