import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prometheusPage } from './prometheus.ts';

test('a label may hold anything', () => {
  const page = prometheusPage([{ figure: 'steps/waiting', labels: { kind: 'a "b"\\\n' }, value: 1 }]);
  assert.match(page, /\nclaqueta_steps_waiting\{kind="a \\"b\\"\\\\\\n"\} 1\n$/);
});
