import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyFrames, bumperFrames, clipFrames, planParts } from './plan.ts';

const idrl = { part_seconds: 20, first_seconds: null, fps: 24 };

function ends(seconds: number, profile = idrl as Parameters<typeof planParts>[1]): [number, number][] {
  return planParts(seconds, profile).map(({ start, end }) => [start, end]);
}

test('a source is cut into parts of the profile, and its tail is kept', () => {
  assert.deepEqual(ends(45), [[0, 20], [20, 40], [40, 45]]); // prettier-ignore
  assert.deepEqual(ends(40.5).at(-1), [40, 40.5]);
  assert.deepEqual(ends(40), [[0, 20], [20, 40]]); // prettier-ignore
  assert.deepEqual(
    planParts(45, idrl).map(({ number }) => number),
    [1, 2, 3],
  );
});

test('a tail that is shorter than one picture is not a part', () => {
  assert.equal(planParts(40 + 1 / 25, idrl).length, 2);
  assert.equal(planParts(40 + 1 / 24, idrl).length, 3);
});

test('even the shortest source gives a part, of one picture', () => {
  const [part] = planParts(0.001, idrl);
  assert.deepEqual(part, { number: 1, start: 0, end: 0.001 });
  assert.equal(part && bodyFrames(part, 24), 1);
});

test('only the first seconds are taken where the profile says so', () => {
  const anb = { part_seconds: 30, first_seconds: 30, fps: 24 };
  assert.deepEqual(ends(45, anb), [[0, 30]]);
  assert.deepEqual(ends(12, anb), [[0, 12]]);
});

test('a clip is its part and the bumper twice', () => {
  const profile = { fps: 24, bumper: { image: 'bumper.png', seconds: 2.5 } };
  const part = { number: 1, start: 0, end: 20 };
  assert.equal(bumperFrames(profile), 60);
  assert.equal(clipFrames(part, profile), 480 + 120);
  assert.equal(clipFrames(part, { fps: 24, bumper: null }), 480);
});

test('no picture is lost or doubled over all parts, whatever the length', () => {
  for (let seconds = 0.01; seconds < 130; seconds += 0.377) {
    const total = planParts(seconds, idrl).reduce((sum, part) => sum + bodyFrames(part, 24), 0);
    assert.ok(Math.abs(total - Math.max(1, seconds * 24)) <= 1, `${seconds} s give ${total} pictures`);
  }
});
