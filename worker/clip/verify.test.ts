import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clipOf, isDamaged, whatIsWrong, type Reading } from './verify.ts';

const plan = { frames: 528, fps: 24, width: 1920, height: 1080, audio: { channels: 2, sampleRate: 48000 } };
const video = { codec: 'h264', frames: 528, width: 1920, height: 1080, pixelFormat: 'yuv420p', fps: 24 };
const audio = { codec: 'aac', channels: 2, sampleRate: 48000, seconds: 22 };
const right: Reading = { bytes: 1000, seconds: 22, video, audio };

test('a clip as planned is right, rounding included', () => {
  assert.deepEqual(whatIsWrong(right, plan), []);
  assert.deepEqual(whatIsWrong({ ...right, seconds: 22.09, video: { ...video, frames: 530 } }, plan), []);
  assert.deepEqual(whatIsWrong({ ...right, audio: null }, { ...plan, audio: null }), []);
});

test('everything that is not as planned is named', () => {
  const wrong = (change: Partial<Reading>) => whatIsWrong({ ...right, ...change }, plan).join('; ');
  assert.equal(wrong({ video: null }), 'no pictures');
  assert.equal(wrong({ video: { ...video, frames: 525 } }), 'pictures: 525 instead of 528');
  assert.equal(wrong({ seconds: 21.8 }), 'seconds: 21.8 instead of 22');
  assert.equal(wrong({ seconds: NaN }), 'seconds: NaN instead of 22');
  assert.equal(wrong({ audio: null }), 'sound: none instead of there');
  assert.equal(wrong({ audio: { ...audio, seconds: 20 } }), 'seconds of sound: 20 instead of 22');
  const small = { ...video, width: 1280, height: 720, pixelFormat: 'yuv444p', codec: 'hevc', fps: 25 };
  assert.equal(
    wrong({ video: small, audio: { ...audio, channels: 6, sampleRate: 44100, codec: 'mp3' } }),
    'width: 1280 instead of 1920; height: 720 instead of 1080; pictures a second: 25 instead of 24; ' +
      'codec: hevc instead of h264; pixel format: yuv444p instead of yuv420p; sound codec: mp3 instead of aac; ' +
      'channels: 6 instead of 2; sample rate: 44100 instead of 48000',
  );
  assert.match(whatIsWrong(right, { ...plan, audio: null }).join(), /sound: there instead of none/);
});

test('one picture in twenty may be damaged, and in a short part one', () => {
  assert.equal(isDamaged(30, { pictures: 600 }), false);
  assert.equal(isDamaged(31, { pictures: 600 }), true);
  assert.equal(isDamaged(1, { pictures: 3 }), false);
  assert.equal(isDamaged(2, { pictures: 3 }), true);
});

test('a clip is described by what was read back', () => {
  const clip = { bytes: 1000, seconds: 22, frames: 528, width: 1920, height: 1080, has_sound: true };
  assert.deepEqual(clipOf(right), clip);
  assert.equal(clipOf({ ...right, audio: null }).has_sound, false);
});
