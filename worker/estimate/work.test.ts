import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Media } from '../../shared/task/media.ts';
import type { Profile } from '../../shared/task/profile.ts';
import { catalog } from '../../test/kit/videos-clip.ts';
import { workOf } from './work.ts';

const hls = catalog.get('hls') as Profile;
const video = {
  ...{ index: 0, codec: 'h264', width: 3840, height: 2160, rotation: 0, pixel_aspect: 1, fps: 10 },
  ...{ pixel_format: 'yuv420p', color_space: null, rate: { over: 10, under: 1 }, first_at: 0, last_at: 9.9 },
};
const media: Media = { container: 'mov', bytes: 1e6, starts_at: 0, seconds: 10, video, audio: null };
const input = {
  part: { number: 1, start: 0, end: 10 },
  ...{ pictures: 100, first_picture_at: 0, last_picture_at: 9.9, seek_to: null },
};

test('every size of a stream is counted, those of a profile above 1080 lines too', () => {
  const made = (frame: Profile['frame']) => workOf(input, media, { ...hls, frame }).made;
  const onePixel = made({ fit: 'pad', width: 360, height: 360 }) / 360 ** 2;
  const sizes = [3840 * 2160, 1920 * 1080, 1280 * 720, 854 * 480, 640 * 360];
  const pixels = sizes.reduce((sum, size) => sum + size, 0);
  assert.equal(Math.round(made({ fit: 'keep', max_width: 3840, max_height: 2160 }) / onePixel), pixels);
});
