import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { gridOf } from '../../shared/task/grid.ts';
import type { Profile } from '../../shared/task/profile.ts';
import { soundTrackCommand } from '../../worker/finish/args.ts';
import { checkSound } from '../../worker/finish/verify-whole.ts';
import { soundCommand } from '../../worker/sound/args.ts';
import { always, catalog, makeClips, temporaryFolder, probe } from '../kit/videos-clip.ts';
import { numbers } from '../kit/videos-read.ts';
import { sample } from '../kit/videos.ts';
import { makeParts, ran } from './make.ts';

const hls = catalog.get('hls') as Profile;

test('a bumper has all of its pictures, whatever the rate and its length', async (t) => {
  const bumper = { image: 'bumper.png', seconds: 1.3 };
  for (const fps of ['30000/1001', '60']) {
    const source = await sample({ seconds: 1, fps, sound: 'none' });
    const { pictures, planned } = await makeParts(t, source, { ...hls, bumper });
    assert.deepEqual(pictures, planned, fps);
    const { clips } = await makeClips(t, source, { ...hls, join: null, bumper });
    assert.deepEqual([clips[0]?.clip.frames], planned, `a clip at ${fps}`);
  }
});

test('a source of one short picture is a picture long', async (t) => {
  const source = await sample({ seconds: 1 / 60, fps: 60, sound: 'none' });
  for (const join of ['mp4', 'hls'] as const) {
    const { pictures, grid } = await makeParts(t, source, { ...hls, join });
    assert.deepEqual([pictures, grid.frames], [[1], 1], join);
  }
  const { clips } = await makeClips(t, source, { ...hls, join: null });
  assert.equal(clips[0]?.clip.frames, 1);
});

test('a last picture that is shorter than half a place has one all the same', async (t) => {
  const filters = `select='eq(n,0)+eq(n,15)+eq(n,50)+eq(n,100)'`;
  const source = await sample({ seconds: 2.02, fps: 50, sound: 'none', filters });
  const { files, pictures, grid } = await makeParts(t, source, hls);
  const shown = await numbers(files[0] ?? '');
  assert.deepEqual([pictures, shown.at(-2), shown.at(-1)], [[grid.frames], 50, 100]);
});

test('sound is as long as the pictures, of a picture too', async (t) => {
  const source = await sample({ seconds: 1, fps: 60 });
  const { media } = await probe(source);
  const folder = await temporaryFolder(t);
  const [sound, to] = [path.join(folder, 'sound.mp4'), path.join(folder, 'track.mp4')];
  for (const first_seconds of [0.016, 0.04, 0.5]) {
    const profile = { ...hls, first_seconds };
    const grid = gridOf(profile, media);
    await ran(soundCommand(source, media, profile, sound));
    await ran(soundTrackCommand({ sound, grid, to }));
    await checkSound(to, grid, always);
  }
});
