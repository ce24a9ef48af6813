import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { imagesFolder } from '../shared/task/catalog.ts';
import { readClip } from '../worker/clip/read-clip.ts';
import { always, anb, idrl, makeClips } from './kit/videos-clip.ts';
import { beepsIn, checkBeeps, checkPictures, color, numbers, onsets, picture } from './kit/videos-read.ts';
import { circle, sample } from './kit/videos.ts';

const bumperFrames = 24;
const thirty = (time: number) => time * 30;

test('45 s become parts of 20, 20 and 5 s, each between bumpers, with the right pictures and sound', async (t) => {
  const { clips } = await makeClips(t, await sample({ seconds: 45 }), idrl);
  assert.deepEqual(
    clips.map(({ input: { part } }) => [part.start, part.end]),
    [
      [0, 20],
      [20, 40],
      [40, 45],
    ],
  );
  for (const { file, input, clip } of clips) {
    const { start, end } = input.part;
    const seconds = end - start + 2;
    const size = { width: 320, height: 180 };
    assert.deepEqual(clip, { bytes: clip.bytes, seconds, frames: seconds * 24, ...size, has_sound: true });
    const { video, audio } = await readClip(file, always);
    assert.deepEqual(video, { codec: 'h264', frames: seconds * 24, ...size, pixelFormat: 'yuv420p', fps: 24 });
    assert.deepEqual([audio?.codec, audio?.channels, audio?.sampleRate], ['aac', 2, 48000]);
    checkPictures((await numbers(file)).slice(bumperFrames, -bumperFrames), start, 24, thirty);
    checkBeeps(await onsets(file), beepsIn(start, end, 1));
  }
});

test('a tail of half a second is kept', async (t) => {
  const { clips } = await makeClips(t, await sample({ seconds: 40.5 }), idrl, [3]);
  assert.equal(clips[0]?.clip.frames, 12 + 48);
  checkPictures((await numbers(clips[0]?.file ?? '')).slice(bumperFrames, -bumperFrames), 40, 24, thirty);
});

test('the bumper is there before and after, and only there', async (t) => {
  const { clips } = await makeClips(t, await sample({ seconds: 2 }), idrl);
  const { file = '', clip } = clips[0] ?? {};
  const still = await color(path.join(imagesFolder, 'bumper.png'), 0);
  const frames = clip?.frames ?? 0;
  for (const frame of [0, 23, frames - 24, frames - 1]) assertSameColor(await color(file, frame), still, frame);
  // Between them the bars, which are gray.
  for (const frame of [24, frames - 25]) {
    const [red, green, blue] = await color(file, frame, 'crop=iw/16:ih:0:0');
    assert.ok(Math.abs(red - blue) < 12 && Math.abs(red - green) < 12, `picture ${frame} is ${red} ${green} ${blue}`);
  }
});

test('a circle stays a circle, by cropping and by padding', async (t) => {
  for (const [width, height] of [
    [640, 360],
    [480, 640],
    [640, 480],
  ] as const) {
    const source = await circle(width, height);
    for (const profile of [idrl, anb]) {
      const { clips } = await makeClips(t, source, { ...profile, bumper: null });
      const { clip, file = '' } = clips[0] ?? { clip: undefined };
      const middle = Math.floor((clip?.frames ?? 0) / 2);
      const { across, down } = extent(await picture(file, middle), clip?.width ?? 0);
      const what = `${width}×${height} in ${profile.name}: ${across} across, ${down} down`;
      assert.ok(Math.abs(across / down - 1) < 0.02, what);
      // Half the smaller side of the source, at the scale of the frame: nothing is blown up by cropping.
      if (profile === idrl) assert.ok(Math.abs(across - Math.min(width, height) / 2) <= 3, what);
    }
  }
});

test('anb: the first 30 s, padded to 1280×720, silent, 2.5 s of bumper, the watermark at the top right', async (t) => {
  const { clips } = await makeClips(t, await sample({ seconds: 45 }), anb);
  assert.equal(clips.length, 1);
  const { file = '', clip } = clips[0] ?? {};
  const { bytes = 0 } = clip ?? {};
  const frames = 35 * 24;
  assert.deepEqual(clip, { bytes, seconds: 35, frames, width: 1280, height: 720, has_sound: false });
  assert.equal((await readClip(file, always)).audio, null);
  checkPictures((await numbers(file)).slice(60, -60), 0, 24, thirty);

  // 12 % of the width, 2 % from the edges; picture 0 of the source shows no bar at all.
  const place = 'crop=154:38:1100:26';
  const mark = await picture(file, 60, place);
  const opposite = await picture(file, 60, 'crop=154:38:26:26');
  assert.ok(Math.max(...mark) > 180, 'something white at the top right');
  assert.ok(Math.max(...opposite) < 60, 'nothing at the top left');
  const bumper = await picture(file, 30, place);
  assert.ok(Math.max(...bumper) < 120, 'no watermark over the bumper');
});

test('a clip tells nothing of where its source was made', async (t) => {
  const options = ['-metadata', 'title=secret', '-metadata', 'location=+59.9+10.7/', '-metadata', 'comment=secret'];
  const { clips } = await makeClips(t, await sample({ seconds: 1, options }), idrl);
  const bytes = await readFile(clips[0]?.file ?? '', 'latin1');
  assert.ok(!bytes.includes('secret') && !bytes.includes('59.9'));
  assert.ok(bytes.indexOf('moov') < bytes.indexOf('mdat'), 'ready to play while it is still loading');
});

function assertSameColor(found: number[], right: number[], frame: number): void {
  const off = Math.max(...found.map((value, index) => Math.abs(value - (right[index] ?? NaN))));
  assert.ok(off <= 6, `picture ${frame} is ${found.join(' ')}, the bumper ${right.join(' ')}`);
}

/** How far the white of a gray picture reaches. */
function extent(gray: Buffer, width: number): { across: number; down: number } {
  const columns = new Set<number>();
  const rows = new Set<number>();
  for (let row = 4; row < gray.length / width - 4; row++) {
    for (let column = 0; column < width; column++) {
      // Not where the watermark of a profile lies.
      if (row < width / 10 && column > width * 0.8) continue;
      if ((gray[row * width + column] ?? 0) > 150) {
        columns.add(column);
        rows.add(row);
      }
    }
  }
  return { across: columns.size, down: rows.size };
}
