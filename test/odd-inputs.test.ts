import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkClips, size } from './kit/videos-check.ts';
import { altered, hasEncoder, made, sample, type Recipe } from './kit/videos.ts';

test('portrait: the widescreen frame at the middle of it', async (t) => {
  const { clips } = await checkClips(t, await sample({ seconds: 3, width: 180, height: 320 }));
  assert.deepEqual(size(clips), [180, 102]);
});

test('rotated by metadata: stands upright', async (t) => {
  // Drawn upright, then laid on its side; what turns it back is only the header, as a telephone writes it.
  const lying = await sample({ seconds: 3, width: 320, height: 180, filters: 'transpose=cclock' });
  const source = await altered('turned', [lying], (bytes) => turnedClockwise(bytes));
  const { media, clips } = await checkClips(t, source);
  assert.deepEqual([media.video.width, media.video.height, media.video.rotation], [180, 320, 90]);
  assert.deepEqual(size(clips), [320, 180]);
});

test('4:3: cropped above and below', async (t) => {
  const { clips } = await checkClips(t, await sample({ seconds: 3, width: 320, height: 240 }));
  assert.deepEqual(size(clips), [320, 180]);
});

test('anamorphic: pixels become square', async (t) => {
  const { media, clips } = await checkClips(
    t,
    await sample({ seconds: 3, width: 240, height: 180, filters: 'setsar=4/3' }),
  );
  assert.equal(media.video.pixel_aspect, 4 / 3);
  assert.deepEqual(size(clips), [320, 180]);
});

test('HEVC, and 10 bits', async (t) => {
  const quick = ['-preset', 'ultrafast', '-x265-params', 'log-level=error'];
  const hevc = { seconds: 22, fps: 10, codec: 'libx265' };
  for (const format of ['yuv420p', 'yuv420p10le']) {
    const source = await sample({ ...hevc, options: [...quick, '-pix_fmt', format] });
    const { media } = await checkClips(t, source, { at: (time) => time * 10 });
    assert.deepEqual([media.video.codec, media.video.pixel_format], ['hevc', format]);
  }
});

for (const [codec, options, container] of [
  ['libsvtav1', ['-preset', '12'], 'mp4'],
  ['libaom-av1', ['-cpu-used', '8', '-usage', 'realtime', '-pix_fmt', 'yuv420p10le'], 'mkv'],
  ['libvpx-vp9', ['-deadline', 'realtime', '-cpu-used', '8', '-pix_fmt', 'yuv420p'], 'mkv'],
] as const) {
  const missing = !(await hasEncoder(codec)) && `this FFmpeg has no encoder ${codec} to draw the source with`;
  test(`drawn by ${codec}`, { skip: missing }, async (t) => {
    const source = await sample({ seconds: 20.5, fps: 10, codec, container, options: [...options, '-g', '80'] });
    await checkClips(t, source, { at: (time) => time * 10 });
  });
}

test('odd sizes, and colors without subsampling', async (t) => {
  const odd: Recipe = { seconds: 3, width: 853, height: 481, container: 'mkv', options: ['-pix_fmt', 'yuv444p'] };
  const { media, clips } = await checkClips(t, await sample(odd));
  assert.deepEqual([media.video.width, media.video.height, media.video.pixel_format], [853, 481, 'yuv444p']);
  assert.deepEqual(size(clips), [852, 480]);
});

test('tiny pictures', async (t) => {
  const { clips } = await checkClips(t, await sample({ seconds: 1, width: 32, height: 34 }));
  assert.deepEqual(size(clips), [32, 18]);
});

test('a cover picture is not the video', async (t) => {
  const cover = await made('png', ['-f', 'lavfi', '-i', 'color=red:s=640x640', '-frames:v', '1']);
  const video = await sample({ seconds: 2 });
  const both = ['-i', cover, '-i', video, '-map', '0', '-map', '1', '-c', 'copy', '-disposition:v:0', 'attached_pic'];
  const { media } = await checkClips(t, await made('mp4', both));
  assert.equal(media.video.codec, 'h264');
});

test('a picture that changes its size in the middle', async (t) => {
  const large: Recipe = { seconds: 3, container: 'ts', sound: 'none', options: ['-bf', '0'] };
  const first = await sample(large);
  const small = await sample({
    ...large,
    from: 90,
    width: 160,
    height: 90,
    options: ['-bf', '0', '-output_ts_offset', '3'],
  });
  const source = await altered('after each other', [first, small], (...files) => Buffer.concat(files));
  await checkClips(t, source, { sound: 'none' });
});

test('other containers: flv, avi', async (t) => {
  for (const container of ['flv', 'avi'] as const) {
    // An AVI does not tell when a reordered picture is shown: its pictures come as much later as they are reordered.
    const options = container === 'avi' ? ['-bf', '0'] : [];
    await checkClips(t, await sample({ seconds: 23, container, options }));
  }
});

/** Writes the display matrix of the first track that has a picture: a quarter turn clockwise. */
function turnedClockwise(bytes: Buffer): Buffer {
  const turned = Buffer.from(bytes);
  for (let at = turned.indexOf('tkhd'); at !== -1; at = turned.indexOf('tkhd', at + 4)) {
    const matrix = at + 4 + 40;
    if (turned.readUInt32BE(matrix + 36) === 0) continue;
    [0, 0x10000, 0, -0x10000, 0, 0].forEach((value, index) => turned.writeInt32BE(value, matrix + 4 * index));
    return turned;
  }
  throw new Error('no track with a picture');
}
