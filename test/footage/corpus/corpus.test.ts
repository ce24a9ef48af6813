import assert from 'node:assert/strict';
import { test } from 'node:test';
import { film } from '../kit/draw.ts';
import { tools } from '../../kit/videos.ts';
import { HELP, readArguments } from './arguments.ts';
import { differences, tellOutcome, type Result } from './compare.ts';
import { expect } from './decode.ts';
import { describePictures, readFrames, tellExpected, type Expected } from './expected.ts';

const pictures = {
  ...{ index: 0, codec: 'h264', count: 50, begins: 0, ends: 2, width: 160, height: 90, rotation: 0 },
  ...{ isMarkedInterlaced: false, hdr: null },
};
const expected: Expected = {
  pictures,
  sounds: [{ index: 1, codec: 'aac', heard: { begins: 0, ends: 2.02 } }],
  unreadable: null,
};
const recipe = { keepsShape: true, hasSound: true, firstSeconds: null };
const right: Result = {
  ...{ status: 'succeeded', error: null, warnings: [], media: { scan: 'progressive', hdr: null, audioIndex: 1 } },
  ...{ seconds: 2, pictures: 50, hasSound: true, frame: { width: 160, height: 90 }, files: 1 },
};
const said = (of: Partial<Expected>, result: Partial<Result> = {}) =>
  differences({ ...expected, ...of }, { ...right, ...result }, recipe).join('; ');

test('what is as expected has no differences', () => {
  assert.equal(said({}), '');
  const failed = { status: 'failed', error: { code: 'source_not_video', message: 'no video' } };
  assert.equal(said({ pictures: null, sounds: [], unreadable: 'no frame' }, failed), '');
  // Twice the pictures that are made of 120 a second are none too few.
  assert.equal(said({ pictures: { ...pictures, count: 240 } }, { pictures: 120 }), '');
  const longer = [{ index: 1, codec: 'aac', heard: { begins: 0, ends: 5 } }];
  assert.equal(said({ sounds: longer }, { seconds: 5, pictures: 125 }), '');
});

test('what is not as expected is told', () => {
  assert.equal(said({}, { seconds: 1 }), '1.00 s instead of 2.00 s');
  assert.equal(said({}, { pictures: 120 }), '120 pictures instead of 50');
  assert.equal(said({}, { pictures: 40 }), '40 pictures instead of 50');
  assert.equal(said({}, { hasSound: false }), 'the sound is lost');
  assert.equal(said({}, { frame: { width: 90, height: 90 } }), '90×90 of 160×90');
  assert.equal(said({ pictures: { ...pictures, hdr: 'hlg' } }), 'hlg is not noticed');
  assert.equal(
    said({ sounds: [{ index: 1, codec: 'ac4', heard: null }] }, { hasSound: false }),
    'nothing is said of sound that is not decoded',
  );
  const failed = { status: 'failed', error: { code: 'source_truncated', message: 'cut off' } };
  assert.equal(said({}, failed), 'failed: source_truncated');
  assert.equal(said({ unreadable: 'no frame' }), 'succeeded, though nothing is decoded');
});

test('a file is decoded without the service', async () => {
  const decoding = { tools, patience: 60, signal: new AbortController().signal };
  const found = await expect(await film('mkv'), decoding);
  assert.equal(found.pictures?.count, 50);
  assert.ok(Math.abs((found.pictures?.ends ?? 0) - (found.pictures?.begins ?? 0) - 2) < 0.01);
  assert.match(tellExpected(found), /^50 × h264 160×90, 2.00 s, aac 2.0\d s$/);
  const none = await expect(import.meta.filename, decoding);
  assert.match(tellExpected(none), /^nothing: /);
});

test('frames are read of what FFmpeg prints, and pictures stand upright and square', () => {
  const lines = '#tb 0: 1/25\n#media_type 0: video\n0, 0, 0, 1, 21600, 0x1\n0, 1, 1, 1, 21600, 0x2\n';
  assert.deepEqual(readFrames(lines), { count: 2, begins: 0, ends: 2 / 25 });
  assert.equal(readFrames('#tb 0: 1/25\n'), null);
  const stream = {
    index: 0,
    width: 720,
    height: 576,
    sample_aspect_ratio: '16:15',
    side_data_list: [{ rotation: -90 }],
  };
  const { width, height, rotation } = describePictures(stream, { count: 1, begins: 0, ends: 1 });
  assert.deepEqual([width, height, rotation], [576, 768, 90]);
});

test('arguments are understood, or refused in words', () => {
  assert.equal(readArguments(['--help']), null);
  assert.match(HELP, /--profile NAME/);
  assert.equal(readArguments(['videos', '--profile', 'hls'])?.profile, 'hls');
  assert.equal(readArguments(['videos', '--server', 'http://127.0.0.1:1'], { CLAQUETA_TOKEN: 'a' })?.token, 'a');
  assert.throws(() => readArguments([]), /one folder/);
  assert.throws(() => readArguments(['videos', '--server', 'http://127.0.0.1:1']), /--token/);
  assert.throws(() => readArguments(['videos', '--at-once', '0']), /from 1 to 64/);
});

test('an outcome is told in a line', () => {
  assert.equal(tellOutcome({ ...right, warnings: ['audio_silent'] }), '1 file, 2.00 s 160×90 (audio_silent)');
});
