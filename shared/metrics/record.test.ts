import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Distribution } from './distribution.ts';
import type { FigureName } from './figures.ts';
import type { FinishedStep } from './metrics.ts';
import { recordFigures, type Recorder } from './record.ts';

const clip: FinishedStep = { kind: 'clip', outcome: 'done', seconds: 4, sourceSeconds: 10 };

function count(recorder: Recorder, figure: FigureName, labels = {}): number {
  const wanted = JSON.stringify(labels);
  const found = recorder.read().find((sample) => sample.figure === figure && JSON.stringify(sample.labels) === wanted);
  assert.ok(found);
  return typeof found.value === 'number' ? found.value : found.value.count;
}

test('only steps that are done have a duration, and only clips that are done a speed', () => {
  const recorder = recordFigures();
  recorder.stepFinished(clip);
  recorder.stepFinished({ ...clip, outcome: 'again' });
  recorder.stepFinished({ kind: 'ingest', outcome: 'done', seconds: 3 });
  assert.equal(count(recorder, 'clips/speed'), 1);
  assert.equal(count(recorder, 'steps/duration_seconds', { kind: 'clip' }), 1);
  assert.equal(count(recorder, 'steps/duration_seconds', { kind: 'ingest' }), 1);
  assert.equal(count(recorder, 'steps/finished', { kind: 'clip', outcome: 'again' }), 1);
});

test('a value that is no length spoils nothing', () => {
  const recorder = recordFigures();
  for (const wrong of [NaN, Infinity, -1]) {
    recorder.stepFinished({ ...clip, seconds: wrong });
    recorder.stepFinished({ ...clip, sourceSeconds: wrong });
    recorder.slotsBusy(wrong, 2);
  }
  recorder.stepFinished({ ...clip, seconds: 0 });
  assert.equal(count(recorder, 'steps/finished', { kind: 'clip', outcome: 'done' }), 7);
  assert.equal(count(recorder, 'clips/speed'), 0);
  const durations = recorder.read().flatMap(({ value }) => (typeof value === 'number' ? [] : [value.sum]));
  assert.ok(durations.every(Number.isFinite));
});

test('labels that nobody foresaw make no new series', () => {
  const recorder = recordFigures();
  const before = recorder.read().length;
  for (let number = 0; number < 100; number++) {
    recorder.stepFinished({ ...clip, kind: `kind ${number}` as 'clip' });
    recorder.stepFinished({ ...clip, outcome: `outcome ${number}` as 'done' });
  }
  assert.equal(recorder.read().length, before);
});

test('what was read does not change any more', () => {
  const recorder = recordFigures();
  const before = recorder.read().find(({ figure }) => figure === 'clips/speed')?.value as Distribution;
  recorder.stepFinished(clip);
  assert.deepEqual([before.count, before.counts.every((one) => one === 0)], [0, true]);
});
