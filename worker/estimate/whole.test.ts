import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Media } from '../../shared/task/media.ts';
import type { Profile } from '../../shared/task/profile.ts';
import { catalog } from '../../test/kit/videos-clip.ts';
import { wholeSeconds } from './whole.ts';

const video = { width: 320, height: 180, rotation: 0, pixel_aspect: 1, fps: 1 } as Media['video'];
const audio = { index: 1, codec: 'aac', channels: 1, sample_rate: 44100, ends_at: 260 };
const media: Media = { container: 'mov', bytes: 1e6, starts_at: 0, seconds: 260, video, audio };

function beside(name: string, of: Media = media) {
  return wholeSeconds(13, of, catalog.get(name) as Profile);
}

/** As measured. */
test('the sound of a whole and joining it cost what 260 s of slides took, within a third', () => {
  const near = (found: number, took: number) => assert.ok(Math.abs(found / took - 1) < 0.33, `${found} of ${took} s`);
  near(beside('whole').sound, 3.27);
  near(beside('whole').finish, 0.077);
  near(beside('hls').finish, 0.094);
});

test('what has no sound needs no time for it, and parts of their own need none to be joined', () => {
  assert.equal(beside('whole', { ...media, audio: null }).sound, 0);
  assert.deepEqual(beside('idrl'), { sound: 0, finish: 0 });
});
