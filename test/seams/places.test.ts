import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Profile } from '../../shared/task/profile.ts';
import { catalog, makeClips } from '../kit/videos-clip.ts';
import { sample } from '../kit/videos.ts';
import { makeParts } from './make.ts';

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
