import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import HLS from 'hls-parser';
import type { Profile } from '../../shared/task/profile.ts';
import { newClient } from '../kit/client.ts';
import { startService } from '../kit/service.ts';
import { catalog, temporaryFolder } from '../kit/videos-clip.ts';
import { onsets } from '../kit/videos-read.ts';
import { sample } from '../kit/videos.ts';
import { drawSeams } from './draw.ts';
import { checkTogether, judge } from './judge.ts';
import { submitWith } from './submit.ts';

const hls = { ...(catalog.get('hls') as Profile), part_seconds: 4 };
const fps = 24_000 / 1001;

test('a stream is made in parts, joined, and served to whoever has its address', async (t) => {
  const service = await startService(t);
  const client = await newClient(service.url);
  const source = await drawSeams({ seconds: 11, rate: '24000/1001', width: 854, height: 480 });
  const task = await client.ended(await submitWith(service, source, hls));
  assert.equal(task.status, 'succeeded', JSON.stringify(task.error));
  assert.ok(task.stream_url && task.poster_url);
  const at = (name: string) => new URL(name, task.stream_url ?? '');
  const read = async (name: string, range?: string) => {
    const answer = await fetch(at(name), { headers: range ? { range: `bytes=${range}` } : {} });
    assert.equal(answer.status, range ? 206 : 200, name);
    return Buffer.from(await answer.arrayBuffer());
  };
  const playlist = async (name: string) => HLS.parse(String(await read(name)));

  await t.test('an independent parser finds its sizes, none above the source, and its sound', async () => {
    const master = await playlist('master.m3u8');
    assert.ok(master.isMasterPlaylist && master.independentSegments);
    const sizes = master.variants.filter(({ isIFrameOnly }) => !isIFrameOnly);
    assert.deepEqual(
      sizes.map(({ uri, resolution, codecs }) => [uri, resolution, codecs]),
      [
        ['480.m3u8', { width: 854, height: 480 }, 'avc1.64001e,mp4a.40.2'],
        ['360.m3u8', { width: 640, height: 360 }, 'avc1.64001e,mp4a.40.2'],
      ],
    );
    for (const { bandwidth, averageBandwidth = 0, frameRate, audio } of sizes) {
      assert.ok(averageBandwidth > 100_000 && bandwidth >= averageBandwidth);
      assert.equal(frameRate, 23.976);
      assert.deepEqual(
        audio.map(({ uri }) => uri),
        ['sound.m3u8'],
      );
    }
    assert.equal(master.variants.length, 4);
  });

  await t.test(
    'segments have the same length in every size, follow each other, and begin with a key picture',
    async () => {
      for (const name of ['480', '360']) {
        const media = await playlist(`${name}.m3u8`);
        const keys = await playlist(`${name}-keys.m3u8`);
        assert.ok(!media.isMasterPlaylist && !keys.isMasterPlaylist);
        assert.deepEqual(
          media.segments.map(({ duration }) => duration),
          [4.004, 4.004, 3.003],
        );
        assert.ok(media.endlist && keys.isIFrame);
        let end = media.segments[0]?.map?.byterange?.length ?? 0;
        for (const [index, { byterange, uri }] of media.segments.entries()) {
          assert.equal(byterange?.offset, end);
          end += byterange?.length ?? 0;
          const bytes = await read(uri, `${byterange?.offset}-${end - 1}`);
          assert.equal(bytes.toString('latin1', 4, 8), 'moof');
          // The first picture's own bytes are a whole fragment but for what follows it.
          const key: { offset: number; length: number } | undefined = keys.segments[index]?.byterange;
          assert.equal(key?.offset, byterange?.offset);
          assert.ok(key && key.length > 500 && key.length < bytes.length / 2);
        }
        assert.equal((await read(`${name}.mp4`)).length, end);
      }
    },
  );

  await t.test('every picture is there once in every size, and the sound has no seam', async (t) => {
    const folder = await temporaryFolder(t);
    const files = ['480.mp4', '360.mp4', 'sound.mp4'];
    for (const name of files) await writeFile(path.join(folder, name), await read(name));
    for (const name of files.slice(0, 2)) {
      const local = { pictures: path.join(folder, name), sound: path.join(folder, 'sound.mp4') };
      const judged = await judge(source, local, fps);
      t.diagnostic(`${name} ${JSON.stringify(judged)}`);
      assert.equal(judged.wrong, 0);
      assert.equal(judged.pictures, 264);
      assert.ok(judged.offGrid < 1e-5 && judged.beginsAt === 0);
      assert.ok(judged.quietMs < 1 && judged.jump < 3);
      assert.ok(Math.abs(judged.seconds - 264 / fps) < 0.03, `${judged.seconds} s of sound`);
    }
  });

  await t.test('sound and pictures are together within 10 ms', async (t) => {
    const small = await client.ended(await submitWith(service, await sample({ seconds: 9 }), hls));
    const file = path.join(await temporaryFolder(t), 'sound.mp4');
    const answer = await fetch(new URL('sound.mp4', small.stream_url ?? ''));
    await writeFile(file, Buffer.from(await answer.arrayBuffer()));
    checkTogether(t, await onsets(file));
  });

  await t.test('it has a poster and a sheet of small pictures with their times', async () => {
    const [poster, sheet] = [await read('poster.jpg'), await read('sprite.jpg')];
    for (const picture of [poster, sheet]) assert.equal(picture.readUInt16BE(0), 0xffd8);
    assert.equal((await fetch(task.poster_url ?? '')).status, 200);
    const times = String(await read('sprite.vtt'));
    assert.match(times, /^WEBVTT\n\n00:00:00\.000 --> 00:00:04\.004\nsprite\.jpg#xywh=0,0,160,90\n/);
    assert.match(times, /00:00:08\.008 --> 00:00:11\.011\nsprite\.jpg#xywh=320,0,160,90\n$/);
  });

  await t.test('players on pages of any origin may read its playlists and its files', async () => {
    for (const name of ['master.m3u8', '360.m3u8', '360.mp4', 'sprite.vtt']) {
      const answers = [await fetch(at(name), { redirect: 'manual' }), await fetch(at(name), { method: 'HEAD' })];
      const allowed = answers.map(({ headers }) => headers.get('access-control-allow-origin'));
      assert.deepEqual(allowed, ['*', '*'], name);
    }
  });

  await t.test('an address that was not signed so is refused', async () => {
    const url = task.stream_url ?? '';
    const status = async (changed: string) => (await fetch(changed, { redirect: 'manual' })).status;
    assert.equal(await status(url.replace(/\.\d+\.(\d{10})\./, '.2.$1.')), 403);
    assert.equal(await status(url.replace('master.m3u8', '..%2fmaster.m3u8')), 403);
    assert.equal(await status(url.replace(/.\/master/, '/master')), 403);
    assert.equal(await status(url.replace('master', 'other')), 404);
    assert.equal((await fetch(url, { method: 'POST' })).status, 405);
  });
});
