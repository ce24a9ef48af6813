import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkClips, parts } from './kit/videos-check.ts';
import { beepsIn, checkBeeps, onsets } from './kit/videos-read.ts';
import { copied, sample } from './kit/videos.ts';

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
