import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { always, idrl, makeClips, probe, temporaryFolder } from '../../test/kit/videos-clip.ts';
import { altered, copied, made, sample } from '../../test/kit/videos.ts';
import type { Media } from '../../shared/task/media.ts';
import { Problem, type ProblemCode } from '../../shared/task/problem.ts';
import { probeSource } from './probe.ts';

async function refused(
  source: string,
  code: ProblemCode,
  maxSeconds?: number,
  more: Parameters<typeof probe>[2] = {},
): Promise<void> {
  await assert.rejects(probe(source, maxSeconds, more), (error) => {
    assert.ok(error instanceof Problem, String(error));
    assert.equal(error.code, code, error.detail);
    return true;
  });
}

async function written(t: TestContext, name: string, text: string): Promise<string> {
  const file = path.join(await temporaryFolder(t), name);
  await writeFile(file, text);
  return file;
}

const codes = ({ warnings = [] }: Media) => warnings.map(({ code }) => code);
const firstHalf = (bytes: Buffer) => bytes.subarray(0, bytes.length / 2);

test('of a file that stops before its header says, what is there is taken, or nothing where that is asked for', async () => {
  const whole = await sample({ seconds: 20, options: ['-movflags', '+faststart'] });
  for (const container of ['mp4', 'mkv', 'flv', 'avi']) {
    const file = container === 'mp4' ? whole : await copied(whole, [], [], container);
    assert.deepEqual(codes((await probe(file)).media), []);
    const half = await altered('first half', [file], firstHalf);
    const { media } = await probe(half);
    assert.ok(media.seconds > 5 && media.seconds < 15, `${media.seconds} s`);
    assert.deepEqual(codes(media), ['source_truncated'], container);
    await refused(half, 'source_truncated', 3600, { onTruncated: 'refuse' });
  }
  // Its header comes last, and is missing whole.
  await refused(await altered('first half', [await sample({ seconds: 20 })], firstHalf), 'source_truncated');
});

test('a file that misses less than a picture or two in a hundred is taken', async () => {
  const whole = await sample({ seconds: 20, sound: 'none', options: ['-movflags', '+faststart'] });
  await probe(await altered('most', [whole], (bytes) => bytes.subarray(0, Math.floor(bytes.length * 0.97))));
});

test('what is no video says so', async (t) => {
  await refused(await written(t, 'page.mp4', '<!doctype html><title>Not found</title><p>Sorry'), 'source_not_video');
  await refused(await written(t, 'nothing.mp4', ''), 'source_empty');
});

test('sound alone is shown with its cover, or with a picture of ours', async () => {
  const sound = ['-f', 'lavfi', '-i', 'sine=d=2'];
  const alone = await probe(await made('m4a', [...sound, '-c:a', 'aac']));
  assert.deepEqual([alone.media.video.still, codes(alone.media)], ['ours', ['pictures_missing']]);
  assert.ok(Math.abs(alone.media.seconds - 2) < 0.05, `${alone.media.seconds} s`);
  const cover = await made('png', ['-f', 'lavfi', '-i', 'color=red:s=640x640', '-frames:v', '1']);
  const withCover = ['-i', cover, ...sound, '-map', '0', '-map', '1', '-c:v', 'copy', '-c:a', 'aac'];
  const album = await probe(await made('mp4', [...withCover, '-disposition:v:0', 'attached_pic']));
  assert.deepEqual([album.media.video.still, album.media.video.width], ['cover', 640]);
});

test('a source longer than allowed is refused, and one just as long is not', async () => {
  const source = await sample({ seconds: 20 });
  await probe(source, 20);
  await refused(source, 'source_too_long', 19);
});

test('a playlist under the name of a video opens nothing', async (t) => {
  const video = await sample({ seconds: 2 });
  const list = `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n${video}\n#EXT-X-ENDLIST\n`;
  await refused(await written(t, 'list.mp4', list), 'source_not_video');
  await refused(await written(t, 'list.mp4', `ffconcat version 1.0\nfile '${video}'\n`), 'source_not_video');
});

test('pictures that are too large, and formats that nobody needs, are not supported', async () => {
  const large = ['-f', 'lavfi', '-i', 'color=red:s=8192x4800:r=1:d=1', '-c:v', 'mjpeg', '-q:v', '20'];
  await refused(await made('mkv', large), 'source_unsupported');
  const rare = ['-f', 'lavfi', '-i', 'color=red:s=64x64:d=1', '-c:v', 'snow', '-strict', '-2'];
  await refused(await made('avi', rare), 'source_unsupported');
});

test('time that starts over in the middle is not supported', async () => {
  const stream = await sample({ seconds: 3, container: 'ts' });
  const twice = await altered('twice', [stream, stream], (...files) => Buffer.concat(files));
  await refused(twice, 'source_unsupported');
});

test('subtitles beside the pictures are no obstacle', async (t) => {
  const titles = await written(t, 'titles.srt', '1\n00:00:00,000 --> 00:00:01,000\nHello\n');
  const args = [
    '-i',
    await sample({ seconds: 2 }),
    '-i',
    titles,
    '-map',
    '0',
    '-map',
    '1',
    '-c',
    'copy',
    '-c:s',
    'srt',
  ];
  await makeClips(t, await made('mkv', args), idrl);
});

test('damage in the middle is noticed when the part is cut', async (t) => {
  const whole = await sample({ seconds: 6, sound: 'none', options: ['-movflags', '+faststart'] });
  const damaged = await altered('damaged', [whole], (bytes) => {
    const noise = Buffer.from(bytes);
    noise.fill(0, Math.floor(bytes.length * 0.4), Math.floor(bytes.length * 0.7));
    return noise;
  });
  await assert.rejects(makeClips(t, damaged, idrl), { code: 'source_truncated' });
});

test('an abort ends the probe with the reason of the abort', async () => {
  const source = await sample({ seconds: 20 });
  const reason = new Error('the lease is lost');
  const abort = new AbortController();
  const probing = probeSource(source, { tools: always.tools, signal: abort.signal, limits: { maxSeconds: 60 } });
  setImmediate(() => abort.abort(reason));
  await assert.rejects(probing, reason);
});
