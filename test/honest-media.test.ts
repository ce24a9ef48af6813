import assert from 'node:assert/strict';
import { test } from 'node:test';
import { without, withoutBwrap } from './kit/layers.ts';
import { checkClips } from './kit/videos-check.ts';
import { made, sample, tools } from './kit/videos.ts';

// That videos of twenty more kinds pass unharmed, under every layer of this machine: `odd-inputs*.test.ts`.

test('the odd inputs are made into clips under every layer', { skip: withoutBwrap }, () => {
  assert.deepEqual(tools.missingLayers, []);
});

test('MXF, which the sniffer knows, is opened', async (t) => {
  const drawn = await sample({ seconds: 3, fps: 25, sound: 'none', container: 'mkv' });
  const broadcast = ['-c:v', 'mpeg2video', '-q:v', '2', '-pix_fmt', 'yuv420p', '-f', 'mxf'];
  const { media } = await checkClips(t, await made('mxf', ['-i', drawn, ...broadcast]), {
    at: (time) => time * 25,
    sound: 'none',
  });
  assert.equal(media.container, 'mxf');
});

test('MPEG program streams are opened', async (t) => {
  const drawn = await sample({ seconds: 3, fps: 25, sound: 'none', container: 'mkv' });
  const source = await made('mpg', ['-i', drawn, '-c:v', 'mpeg2video', '-q:v', '2', '-f', 'vob']);
  await checkClips(t, source, { at: (time) => time * 25, sound: 'none' });
});

test('a machine without the sandbox makes the same clips', async (t) => {
  for (const container of ['mp4', 'mkv', 'ts'] as const) {
    await checkClips(t, await sample({ seconds: 3, container }), { layers: without('bwrap') });
  }
});
