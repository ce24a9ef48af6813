import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figureNames } from './figures.ts';
import { descriptors, nextEnd, timeSeries } from './time-series.ts';

const subject = { project: 'p', job: 'worker', task: 'w' };

test('points end now, but never less than five seconds after the last ones', () => {
  assert.equal(nextEnd(70_000, 1_000, 10_000, 60_000), 70_000);
  assert.equal(nextEnd(12_000, 1_000, 10_000, 60_000), 15_000);
});

test('a clock that is put back does not put points back', () => {
  assert.equal(nextEnd(3_000, 1_000, 10_000, 60_000), 15_000);
  assert.equal(nextEnd(500, 1_000, undefined, 60_000), 1_001);
});

test('a gauge is at a moment and a count is since the start', () => {
  const samples = [
    { figure: 'slots/busy', labels: {}, value: 2 },
    { figure: 'steps/finished', labels: { kind: 'clip', outcome: 'done' }, value: 2 },
  ] as const;
  const intervals = timeSeries([...samples], subject, { start: 1_500, end: 2_000.25 }).map(
    ({ points }) => points?.[0]?.interval,
  );
  const endTime = { seconds: 2, nanos: 250_000 };
  assert.deepEqual(intervals, [{ endTime }, { startTime: { seconds: 1, nanos: 500_000_000 }, endTime }]);
});

test('a count that never counted is not sent, a gauge of zero is', () => {
  const samples = [
    { figure: 'slots/busy', labels: {}, value: 0 },
    { figure: 'steps/finished', labels: { kind: 'clip', outcome: 'done' }, value: 0 },
  ] as const;
  const sent = timeSeries([...samples], subject, { start: 0, end: 1 });
  assert.deepEqual(
    sent.map(({ metric }) => metric?.type),
    ['custom.googleapis.com/claqueta/slots/busy'],
  );
});

test('every figure has a descriptor with unit and description', () => {
  assert.equal(descriptors().length, figureNames.length);
  for (const { unit, description } of descriptors()) assert.ok(unit && description?.endsWith('.'));
});
