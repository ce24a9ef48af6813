import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHeader } from './probe-streams.ts';

const picture = { index: 0, codec_type: 'video', codec_name: 'h264', width: 1920, height: 1080, pix_fmt: 'yuv420p' };
const sound = { index: 1, codec_type: 'audio', codec_name: 'aac', channels: 2, sample_rate: '48000' };
const format = { format_name: 'mov,mp4', start_time: '0.000000', duration: '30.0' };

function header(streams: object[], more: object = {}) {
  return readHeader({ streams, format: { ...format, ...more } });
}

test('the streams that clips are made of', () => {
  const found = header([{ ...picture, nb_frames: '900', color_space: 'bt709' }, sound]);
  assert.deepEqual(found, {
    container: 'mov,mp4',
    startsAt: 0,
    video: {
      ...{ index: 0, codec: 'h264', width: 1920, height: 1080, rotation: 0, pixel_aspect: 1 },
      ...{ pixel_format: 'yuv420p', color_space: 'bt709' },
    },
    audio: { index: 1, codec: 'aac', channels: 2, sample_rate: 48000 },
    claims: { container: 'mov,mp4', frames: 900, seconds: 30 },
  });
});

test('covers and preview pictures are passed over', () => {
  const cover = { ...picture, disposition: { attached_pic: 1 } };
  const previews = { ...picture, index: 1, disposition: { timed_thumbnails: 1 } };
  assert.equal(header([cover, previews, { ...picture, index: 2 }]).video.index, 2);
  assert.throws(() => header([cover, sound]), { code: 'source_no_picture' });
  assert.throws(() => header([cover]), { code: 'source_not_video' });
});

test('the turn that sets the picture upright, from the matrix or the older tag', () => {
  const turn = (more: object) => header([{ ...picture, ...more }]).video.rotation;
  assert.equal(turn({ side_data_list: [{ side_data_type: 'Other' }, { rotation: -90 }] }), 90);
  assert.equal(turn({ side_data_list: [{ rotation: 90 }] }), 270);
  assert.equal(turn({ side_data_list: [{ rotation: -180 }] }), 180);
  assert.equal(turn({ tags: { rotate: '90' } }), 90);
  assert.equal(turn({ tags: { rotate: '90' }, side_data_list: [{ rotation: -90 }] }), 90);
  assert.equal(turn({ side_data_list: [{ rotation: 33 }] }), 0);
});

test('the shape of the pixels, where it is one', () => {
  const shape = (sample_aspect_ratio?: string) => header([{ ...picture, sample_aspect_ratio }]).video.pixel_aspect;
  assert.equal(shape('4:3'), 4 / 3);
  for (const none of ['0:1', '1:0', 'N/A', '1000:1', undefined]) assert.equal(shape(none), 1);
});

test('what the header does not say is null, not a number', () => {
  const { claims, startsAt, video } = header([{ ...picture, color_space: 'unknown' }], {
    start_time: 'N/A',
    duration: 'N/A',
  });
  assert.deepEqual([claims.frames, claims.seconds, startsAt, video.color_space], [null, null, 0, null]);
});

test('an AVI promises its length in ticks', () => {
  const ticks = { ...picture, nb_frames: '1800', time_base: '1/60' };
  assert.deepEqual(header([ticks], { format_name: 'avi' }).claims, { container: 'avi', frames: null, seconds: 30 });
});

test('an answer without streams is no video', () => {
  for (const json of [null, {}, { streams: [], format }, { streams: 'x', format }]) {
    assert.throws(() => readHeader(json), { code: 'source_not_video' });
  }
});
