import assert from 'node:assert/strict';
import { test } from 'node:test';
import { traceId, traceOf } from './trace.ts';

const ID = '0af7651916cd43dd8448eb211c80319c';

test('a trace that a request brings is kept', () => {
  const traceparent = `00-${ID}-b7ad6b7169203331-01`;
  assert.equal(traceOf({ traceparent }), traceparent);
  assert.equal(traceId(traceOf({ cloudTrace: `${ID}/123;o=1` })), ID);
});

test('a request without a trace, or with a wrong one, begins its own', () => {
  for (const traceparent of [undefined, '', 'nonsense', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`]) {
    assert.match(traceId(traceOf({ traceparent, cloudTrace: 'nonsense' })) ?? '', /^[0-9a-f]{32}$/);
  }
  assert.equal(traceId(null), null);
});
