import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atEqual, decibels, geometricMean, type Point } from './equal.ts';

const points: Point[] = [
  { preset: 'fast', crf: 26, ssim: 0.9, bytes: 1_000, cpu: 8 },
  { preset: 'fast', crf: 20, ssim: 0.99, bytes: 4_000, cpu: 12 },
];

test('between two measured CRFs, likeness is met half-way at half the decibels', () => {
  const half = atEqual(points, 1 - Math.sqrt(0.1 * 0.01));
  assert.deepEqual(
    half && [half.crf, Math.round(half.bytes), half.cpu].map((each) => Math.round(each)),
    [23, 2_000, 10],
  );
});

test('what was measured is met by itself', () => {
  for (const { ssim, crf, bytes, cpu } of points) {
    const equal = atEqual(points, ssim);
    assert.deepEqual(equal && [equal.crf, equal.bytes, equal.cpu].map(Math.round), [crf, bytes, cpu]);
  }
});

test('far beyond what was measured nothing is said', () => {
  assert.equal(atEqual(points, 0.99999), null);
  assert.equal(atEqual(points, 0.1), null);
  assert.equal(atEqual(points.slice(1), 0.99), null);
});

test('ratios have the same mean from either side, and decibels end somewhere', () => {
  assert.ok(Math.abs(geometricMean([2, 8]) - 4) < 1e-9);
  assert.ok(Math.abs(geometricMean([0.5, 0.125]) - 0.25) < 1e-9);
  assert.equal(Math.round(decibels(0.99)), 20);
  assert.ok(Number.isFinite(decibels(1)));
});
