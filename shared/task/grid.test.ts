import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endOfPlace, gridOf, gridParts, placeOf, timeOf, wholeFrames } from './grid.ts';
import type { Media } from './media.ts';
import type { Profile } from './profile.ts';

const profile = { join: 'hls', fps: 'source', part_seconds: 20, first_seconds: null, bumper: null } as Profile;
const bumper = { image: 'bumper.png', seconds: 1.3 };

function media(seconds: number, over: number, under = 1, first_at = 0): Pick<Media, 'seconds' | 'video'> {
  return { seconds, video: { rate: { over, under }, first_at } as Media['video'] };
}

test('parts have whole segments and cover every picture once, wherever the bumper ends', () => {
  for (const [over, under] of [
    [24_000, 1001],
    [25, 1],
    [60_000, 1001],
    [12.5, 1],
  ] as const) {
    for (const seconds of [0.01, 3, 19.99, 20.02, 61.7, 600]) {
      for (const given of [profile, { ...profile, bumper }]) {
        const grid = gridOf(given, media(seconds, over, under));
        const parts = gridParts(grid);
        let place = 0;
        let shown = 0;
        for (const { first, frames, before, after } of parts) {
          assert.equal(first, place);
          assert.equal(shown % grid.segment, 0, 'a part begins with a segment');
          place += frames;
          shown += before + frames + after;
        }
        assert.equal(place, grid.frames);
        assert.equal(shown, wholeFrames(grid));
        assert.ok(Math.abs(place - Math.max(1, (seconds * over) / under)) <= 1);
      }
    }
  }
});

test('the grid is in phase with the first picture, and no part of it lies before the source', () => {
  const grid = gridOf(profile, media(10, 25, 1, 0.101));
  assert.ok(Math.abs(grid.origin - 0.021) < 1e-9);
  assert.equal(placeOf(grid, 0.101), 2);
  assert.ok(Math.abs(timeOf(grid, 2) - 0.101) < 1e-9);
  assert.equal(gridOf(profile, media(10, 25, 1, 0.04)).origin, 0);
});

test('a picture half-way between two places has one of them, and the end of a place says the same', () => {
  const grid = gridOf(profile, media(10, 30_000, 1001));
  for (let place = 0; place < 200; place++) {
    const half = (timeOf(grid, place) + timeOf(grid, place + 1)) / 2;
    assert.equal(placeOf(grid, half), place + 1);
    assert.equal(placeOf(grid, endOfPlace(grid, place) - 1e-6), place);
    assert.equal(placeOf(grid, endOfPlace(grid, place) + 1e-6), place + 1);
  }
});

test('the last picture has a place, however short it is, unless it is not asked for or others are left out too', () => {
  const places = (given: object, fps: Profile['fps'] = 'source') => {
    const { seconds, video } = media(2.02, 10);
    return gridOf({ ...profile, fps, ...given }, { seconds, video: { ...video, last_at: 2 } }).frames;
  };
  assert.equal(places({}), 21);
  assert.equal(places({ first_seconds: 2 }), 20);
  assert.equal(places({}, 4), 8);
});
