import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHeader } from './header.ts';

const picture = { index: 0, codec_type: 'video', codec_name: 'h264', width: 1920, height: 1080, pix_fmt: 'yuv420p' };
const sound = { index: 1, codec_type: 'audio', codec_name: 'aac', channels: 2, sample_rate: '48000' };
const format = { format_name: 'mov,mp4', start_time: '0.000000', duration: '30.0' };

function header(streams: object[], more: object = {}) {
  return readHeader({ streams, format: { ...format, ...more } });
}

test('the streams that clips are made of', () => {
  const found = header([{ ...picture, nb_frames: '900', color_space: 'bt709', field_order: 'tt' }, sound]);
  assert.deepEqual(found.claims, { container: 'mov,mp4', frames: 900, seconds: 30 });
  assert.deepEqual([found.container, found.fileStartsAt, found.why], ['mov,mp4', 0, 'the only one']);
  assert.deepEqual(found.video, {
    ...{ index: 0, codec: 'h264', width: 1920, height: 1080, rotation: 0, mirrored: false, pixel_aspect: 1 },
    ...{ pixel_format: 'yuv420p', color_space: 'bt709', primaries: null, transfer: null, range: null, hdr: null },
    ...{ mastering_peak: null, max_cll: null, field_order: 'tt', header_fps: null, codec_tag: 'unknown' },
  });
  const [heard] = found.sounds;
  assert.deepEqual([heard?.index, heard?.codec, heard?.channels, heard?.sample_rate], [1, 'aac', 2, 48000]);
});

test('covers and preview pictures are passed over', () => {
  const cover = { ...picture, disposition: { attached_pic: 1 } };
  const previews = { ...picture, index: 1, disposition: { timed_thumbnails: 1 } };
  assert.equal(header([cover, previews, { ...picture, index: 2 }]).video?.index, 2);
  const album = header([cover, sound]);
  assert.deepEqual([album.video, album.cover?.index], [null, 0]);
  assert.throws(() => header([cover]), { code: 'source_not_video' });
});

test('of several tracks of pictures: what moves, then what is marked as default, then the largest', () => {
  const marked = { disposition: { default: 1 } };
  const small = { ...picture, width: 640, height: 360 };
  const large = { ...picture, index: 2 };
  const chosen = (...streams: object[]) => header(streams).video?.index;
  assert.equal(chosen(small, large), 2);
  assert.equal(chosen({ ...small, ...marked }, large), 0);
  assert.equal(chosen({ ...small, ...marked }, { ...large, ...marked }), 2);
  assert.equal(chosen({ ...small, nb_frames: '40' }, { ...large, ...marked, nb_frames: '1' }), 0);
});

test('HDR by its transfer, and Dolby Vision by what it is laid over', () => {
  const hdr = (more: object) => header([{ ...picture, ...more }]).video?.hdr;
  const dolby = (id: number) => ({ side_data_list: [{ dv_profile: 8, dv_bl_signal_compatibility_id: id }] });
  assert.equal(hdr({ color_transfer: 'arib-std-b67' }), 'hlg');
  assert.equal(hdr({ color_transfer: 'smpte2084' }), 'pq');
  assert.equal(hdr({ color_transfer: 'bt709' }), null);
  assert.equal(hdr({ color_transfer: 'arib-std-b67', ...dolby(4) }), 'dolby_vision');
  assert.throws(() => hdr({ color_transfer: 'smpte2084', ...dolby(0) }), {
    code: 'source_unsupported',
    message: /Dolby/,
  });
});

test('an encrypted video says so in words', () => {
  assert.throws(() => header([{ ...picture, codec_tag_string: 'encv' }]), { message: /encrypted/ });
});

test('the turn that sets the picture upright, from the matrix or the older tag', () => {
  const turn = (more: object) => header([{ ...picture, ...more }]).video?.rotation;
  assert.equal(turn({ side_data_list: [{ side_data_type: 'Other' }, { rotation: -90 }] }), 90);
  assert.equal(turn({ side_data_list: [{ rotation: 90 }] }), 270);
  assert.equal(turn({ side_data_list: [{ rotation: -180 }] }), 180);
  assert.equal(turn({ tags: { rotate: '90' } }), 90);
  assert.equal(turn({ tags: { rotate: '90' }, side_data_list: [{ rotation: -90 }] }), 90);
  assert.equal(turn({ side_data_list: [{ rotation: 33 }] }), 0);
});

test('a mirrored picture, by its matrix', () => {
  const row = (...numbers: number[]) => `\n0000000${numbers.length}: ${numbers.map((one) => one * 65536).join(' ')}`;
  const turn = (a: number, b: number, c: number, d: number) => {
    const displaymatrix = row(a, b, 0) + row(c, d, 0) + row(0, 0, 1);
    const { rotation, mirrored } =
      header([{ ...picture, side_data_list: [{ displaymatrix, rotation: -90 }] }]).video ?? {};
    return [rotation, mirrored];
  };
  assert.deepEqual(turn(-1, 0, 0, 1), [0, true]);
  assert.deepEqual(turn(0, 1, -1, 0), [90, false]);
  assert.deepEqual(turn(0, -1, -1, 0), [90, true]);
});

test('the shape of the pixels, where it is one', () => {
  const shape = (sample_aspect_ratio?: string) => header([{ ...picture, sample_aspect_ratio }]).video?.pixel_aspect;
  assert.equal(shape('4:3'), 4 / 3);
  for (const none of ['0:1', '1:0', 'N/A', '1000:1', undefined]) assert.equal(shape(none), 1);
});

test('what the header does not say is null, not a number', () => {
  const { claims, fileStartsAt, video } = header([{ ...picture, color_space: 'unknown' }], {
    start_time: 'N/A',
    duration: 'N/A',
  });
  assert.deepEqual([claims.frames, claims.seconds, fileStartsAt, video?.color_space], [null, null, 0, null]);
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
