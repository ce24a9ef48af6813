import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toolEnvironment } from './environment.ts';

test('FFmpeg gets to know none of our secrets', () => {
  const env = toolEnvironment({ PATH: '/bin', DATABASE_URL: 'postgres://', SIGNING_SECRET: 'x', LANG: 'es_ES' });
  assert.deepEqual(env, { PATH: '/bin', LC_ALL: 'C', GCONV_PATH: '/nonexistent' });
});
