import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { ClipInput } from '../shared/task/plan.ts';
import { idrl, makeClips, type MadeClip } from './kit/videos-clip.ts';
import { beepsIn, checkBeeps, checkPictures, numbers, onsets } from './kit/videos-read.ts';
import { altered, copied, hasEncoder, made, sample, type Recipe } from './kit/videos.ts';

const bumperFrames = 24;

interface Expected {
  /** Which number the source shows at a time; 30 pictures a second unless told otherwise. */
  at?: (time: number) => number;
  /** Parts to make and look at. */
  parts?: number[];
  /** Filters that undo the shape, so that the bars are whole again. */
  undo?: string;
  sound?: 'beeps' | 'other' | 'none';
}

/** Makes clips of an odd source and looks at every picture and every beep of them. */
async function checkClips(t: TestContext, source: string, expected: Expected = {}) {
  const { at = (time) => time * 30, parts, undo, sound = 'beeps' } = expected;
  const made = await makeClips(t, source, idrl, parts);
  // Some containers start with a few milliseconds of sound; the drawing's own time starts with its first picture.
  const lead = made.plan[0]?.first_picture_at ?? 0;
  for (const { file, input, clip } of made.clips) {
    const [start, end] = [input.part.start - lead, input.part.end - lead];
    checkPictures((await numbers(file, undo)).slice(bumperFrames, -bumperFrames), start, 24, (time) =>
      at(Math.max(0, time)),
    );
    assert.equal(clip.has_sound, sound !== 'none');
    if (sound === 'beeps') checkBeeps(await onsets(file), beepsIn(start, end, 1));
  }
  return made;
}

function size(clips: MadeClip[]): [number?, number?] {
  return [clips[0]?.clip.width, clips[0]?.clip.height];
}

function parts(plan: ClipInput[]): [number, number][] {
  return plan.map(({ part }) => [part.start, part.end]);
}

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

test('without sound: the clip has none either', async (t) => {
  await checkClips(t, await sample({ seconds: 3, sound: 'none' }), { sound: 'none' });
});

test('5.1 sound becomes stereo, in step', async (t) => {
  const { media } = await checkClips(t, await sample({ seconds: 8, sound: '5.1' }));
  assert.equal(media.audio?.channels, 6);
});

test('a screen recording: pictures only where something moved, the last one held', async (t) => {
  // Of each 10 s only the first 4 have pictures.
  const filters = "select='lt(mod(t,10),4)'";
  const held = (time: number) => Math.floor(time / 10) * 300 + Math.min((time % 10) * 30, 119);
  for (const container of ['mp4', 'mkv'] as const) {
    const source = await sample({ seconds: 35, filters, container });
    const { plan } = await checkClips(t, source, { at: held });
    assert.deepEqual(parts(plan).slice(0, 1), [[0, 20]]);
    assert.equal(plan[0]?.pictures, 240);
  }
});

test('one picture held through a whole part, and no sound', async (t) => {
  const filters = "select='lt(t,10)+gte(t,42)'";
  const held = (time: number) => (time < 42 ? Math.min(time * 30, 299) : time * 30);
  for (const container of ['mp4', 'mkv'] as const) {
    const source = await sample({ seconds: 43, filters, container, sound: 'none', options: ['-bf', '0', '-g', '600'] });
    const { plan } = await checkClips(t, source, { at: held, sound: 'none' });
    assert.equal(plan[1]?.pictures, 0);
  }
});

test('a key picture that is decoded long before it is shown', async (t) => {
  // The one of 27 s is decoded before the one of 9.8 s is shown, which is a key picture too and held until then: these
  // containers search by decoding time, and would be led past it.
  const filters = "select='lt(t,10)+gte(t,27)'";
  const held = (time: number) => (time < 27 ? Math.min(time * 5, 49) : time * 5);
  const options = ['-bf', '3', '-b_strategy', '0', '-force_key_frames', '9.7,27'];
  for (const container of ['ts', 'flv'] as const) {
    const source = await sample({ seconds: 30, fps: 5, filters, options, container, sound: 'none' });
    await checkClips(t, source, { at: held, sound: 'none' });
  }
});

test('59.94 pictures a second', async (t) => {
  const rate = 60000 / 1001;
  const source = await sample({ seconds: 23, fps: '60000/1001' });
  await checkClips(t, source, { at: (time) => time * rate });
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

test('half a second long', async (t) => {
  const { plan, clips } = await checkClips(t, await sample({ seconds: 0.5 }));
  assert.deepEqual(parts(plan), [[0, 0.5]]);
  assert.equal(clips[0]?.clip.frames, 12 + 48);
});

test('a single picture', async (t) => {
  const { clips } = await checkClips(t, await sample({ seconds: 0.03 }));
  assert.equal(clips[0]?.clip.frames, 1 + 48);
});

test('a tail of a few pictures', async (t) => {
  const { plan, clips } = await checkClips(t, await sample({ seconds: 20.1 }), { parts: [2] });
  assert.deepEqual(parts(plan)[1], [20, 20.1]);
  assert.equal(clips[0]?.clip.frames, 2 + 48);
});

test('a transport stream that starts late, with key pictures far apart', async (t) => {
  const source = await sample({ seconds: 45, container: 'ts', options: ['-g', '400', '-output_ts_offset', '1000'] });
  const { media } = await checkClips(t, source);
  assert.ok(media.starts_at > 1000);
});

test('sound that starts late, and sound that ends early', async (t) => {
  const late = await sample({ seconds: 24, soundFilters: 'atrim=start=5.5', options: ['-max_interleave_delta', '0'] });
  const { clips } = await checkClips(t, late, { sound: 'other' });
  checkBeeps(
    await onsets(clips[0]?.file ?? ''),
    beepsIn(5.5, 20, 1).map((time) => time + 5.5),
  );
  checkBeeps(await onsets(clips[1]?.file ?? ''), beepsIn(20, 24, 1));
  const early = await sample({ seconds: 24, soundFilters: 'atrim=end=7' });
  const made = await checkClips(t, early, { sound: 'other' });
  checkBeeps(await onsets(made.clips[0]?.file ?? ''), beepsIn(0, 7, 1));
  checkBeeps(await onsets(made.clips[1]?.file ?? ''), []);
});

test('an edit list that hides the beginning', async (t) => {
  const source = await copied(await sample({ seconds: 30 }), ['-ss', '6'], []);
  const { media } = await checkClips(t, source, { at: (time) => (time + 6) * 30, sound: 'other' });
  assert.ok(Math.abs(media.seconds - 24) < 0.1, `${media.seconds} s`);
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
