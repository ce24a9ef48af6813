import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { always, idrl, probe, temporaryFolder } from '../../test/kit/videos-clip.ts';
import { sample, type Recipe } from '../../test/kit/videos.ts';
import { planClips } from '../ingest/timeline.ts';
import { clipLimits, encodeClip, type EncodeRequest } from './encode.ts';

/** A request for the first part of a source, and the folder that its clip goes to. */
async function request(t: TestContext, recipe: Recipe, profile = idrl): Promise<EncodeRequest & { folder: string }> {
  const source = await sample(recipe);
  const { media, pictures } = await probe(source);
  const [input] = planClips(pictures, media, profile);
  assert.ok(input);
  const folder = await temporaryFolder(t);
  return { ...always, source, input, media, profile, to: path.join(folder, 'clip.mp4'), folder };
}

/** Encoding that takes its time: large pictures made of a small source. */
const slow = {
  ...idrl,
  frame: { fit: 'pad', width: 1920, height: 1080 } as const,
  video: { codec: 'h264', preset: 'slow', crf: 10 } as const,
};

test('progress grows from nothing to all', async (t) => {
  const seen: number[] = [];
  await encodeClip({ ...(await request(t, { seconds: 4 })), onProgress: (fraction) => seen.push(fraction) });
  assert.equal(seen.at(-1), 1);
  assert.ok(seen.every((fraction, index) => fraction >= (seen[index - 1] ?? 0) && fraction <= 1));
});

test('an abort in the middle ends it within a second and leaves no file', async (t) => {
  const encoding = await request(t, { seconds: 20 }, slow);
  const abort = new AbortController();
  const reason = new Error('deleted');
  let aborted = 0;
  const onProgress = (fraction: number) => {
    if (fraction === 0 || aborted > 0) return;
    aborted = performance.now();
    abort.abort(reason);
  };
  await assert.rejects(encodeClip({ ...encoding, signal: abort.signal, onProgress }), reason);
  assert.ok(performance.now() - aborted < 1000, 'at once');
  assert.deepEqual(await readdir(encoding.folder), []);
});

test('one that takes too long is stopped and leaves no file', async (t) => {
  const encoding = await request(t, { seconds: 20 }, slow);
  const limits = { ...clipLimits, seconds: 1 };
  await assert.rejects(encodeClip({ ...encoding, limits }), { code: 'step_timeout' });
  assert.deepEqual(await readdir(encoding.folder), []);
});

test('a clip that would be too large is not called a success', async (t) => {
  const encoding = await request(t, { seconds: 4, filters: 'noise=alls=60:allf=t' });
  // FFmpeg stops near this size and says that all went well. Whole, the clip has ten times as many bytes.
  const limits = { ...clipLimits, clipBytes: 100_000 };
  await assert.rejects(encodeClip({ ...encoding, limits }), { code: 'clip_wrong' });
  assert.deepEqual(await readdir(encoding.folder), []);
});

test('a part beyond what the source has is not called a success', async (t) => {
  const encoding = await request(t, { seconds: 8 });
  // As planned from a whole source, of which this worker got only the beginning.
  const input = {
    part: { number: 1, start: 0, end: 20 },
    ...{ pictures: 600, first_picture_at: 0, last_picture_at: 19.966667, seek_to: null },
  };
  await assert.rejects(encodeClip({ ...encoding, input }), {
    code: 'clip_wrong',
    detail: /^pictures: 24[0-9] instead/,
  });
  const later = { ...input, part: { number: 2, start: 20, end: 40 }, first_picture_at: 20, last_picture_at: 39.966667 };
  await assert.rejects(encodeClip({ ...encoding, input: { ...later, seek_to: 20 } }), /could not|did not/);
  assert.deepEqual(await readdir(encoding.folder), []);
});
