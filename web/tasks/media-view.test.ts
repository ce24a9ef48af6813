import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Media } from '../../shared/task/media.ts';
import { mediaSchema } from './media-schema.ts';
import { viewMedia } from './media-view.ts';

const video = {
  ...{ index: 0, codec: 'h264', width: 1920, height: 1080, rotation: 90, pixel_aspect: 1, fps: 25 },
  ...{ pixel_format: 'yuv420p', color_space: 'bt709' },
};
const audio = { index: 1, codec: 'aac', channels: 2, sample_rate: 48000, ends_at: 8 };
const before: Media = { container: 'mov,mp4', bytes: 1000, starts_at: 0, seconds: 8, video, audio };

test('a source that was probed before more was asked is shown as what it was taken for', () => {
  const shown = viewMedia(before);
  assert.deepEqual(mediaSchema.parse(shown), shown);
  assert.deepEqual(
    [shown.video.scan, shown.video.hdr, shown.video.still, shown.tracks],
    ['progressive', null, null, []],
  );
  assert.deepEqual(shown.video.color, { primaries: null, transfer: null, matrix: 'bt709', range: null });
  assert.deepEqual([shown.audio?.layout, shown.audio?.right_index, shown.audio?.loudness], [null, null, null]);
  assert.equal(viewMedia({ ...before, audio: null }).audio, null);
});

test('what the probe saw is told in the terms of the field', () => {
  const dolby = { primaries: 'bt2020', transfer: 'arib-std-b67', color_space: 'bt2020nc', range: 'tv' as const };
  const track = { index: 2, kind: 'audio' as const, codec: 'dts', language: 'deu', default: false };
  const shown = viewMedia({
    ...before,
    video: { ...video, ...dolby, hdr: 'dolby_vision', scan: 'interlaced', mirrored: true, still: 'cover' },
    audio: {
      ...{ ...audio, layout: ['FL', 'FR'], right_index: 3 },
      gain: { integrated: -20, true_peak: -3, db: 6, limited: true },
    },
    tracks: [{ ...track, chosen: false, why: 'another is in the default language' }],
  });
  assert.deepEqual(mediaSchema.parse(shown), shown);
  assert.deepEqual(shown.video.color, {
    ...{ primaries: 'bt2020', transfer: 'arib-std-b67', matrix: 'bt2020nc', range: 'limited' },
  });
  const { hdr, scan, mirrored, still } = shown.video;
  assert.deepEqual([hdr, scan, mirrored, still], ['dolby_vision', 'interlaced', true, 'cover']);
  assert.deepEqual(shown.audio?.loudness, { integrated: -20, true_peak: -3, gain_db: 6, limited: true });
  assert.deepEqual([shown.audio?.right_index, shown.tracks[0]?.why], [3, 'another is in the default language']);
});

test('the full range of colors is called so', () => {
  assert.equal(viewMedia({ ...before, video: { ...video, range: 'pc' } }).video.color.range, 'full');
});
